/**
 * Whether a text matches a pattern of IAM: `*` stands for any characters, `?` for exactly one. Takes time in proportion
 * to the product of both lengths at worst.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, inText, star, retry] = [0, 0, -1, 0]
  while (inText < text.length) {
    const sign = pattern[at]
    if (sign === '*') {
      star = at
      retry = inText
      at += 1
    } else if (sign === '?' || (sign !== undefined && sign === text[inText])) {
      at += 1
      inText += 1
    } else if (star >= 0) {
      retry += 1
      inText = retry
      at = star + 1
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** The same for two ARNs: each of the six parts matches on its own, so that no `*` reaches over a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern)
  const found = partsOf(arn)
  return wanted.length === found.length && wanted.every((part, index) => matchesPattern(part, found[index] ?? ''))
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':')
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/**
 * Whether two JSON documents mean the same to AWS. AWS may return a document with other white space and order, a list of
 * one as its only element, and numbers and booleans as text.
 */
export function sameDocument(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  return canonicalJson(left) === canonicalJson(right)
}

/** One form for all equivalent documents; text that is no JSON stays as it is. */
function canonicalJson(text: string): string {
  try {
    return JSON.stringify(canonical(JSON.parse(text)))
  } catch {
    return text
  }
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item)).toSorted(byText)
    return items.length === 1 ? items[0] : items
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, key === 'Principal' ? canonicalPrincipal(item) : canonical(item)] as const)
        .toSorted(byText),
    )
  }
  return String(value)
}

/** `"*"` and `{ "AWS": "*" }` name the same callers in a resource policy. */
function canonicalPrincipal(value: unknown): unknown {
  return value === '*' ? { AWS: '*' } : canonical(value)
}

function byText(left: unknown, right: unknown): number {
  const [a, b] = [JSON.stringify(left), JSON.stringify(right)]
  return a < b ? -1 : Number(a > b)
}

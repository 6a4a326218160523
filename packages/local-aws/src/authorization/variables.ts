import type { AccessRequest } from './access-request.ts'

const LITERALS = new Set(['*', '?', '$'])

/**
 * Puts the request's values in place of variables (`${aws:PrincipalTag/team}`, with a default: `${aws:username,
 * 'x'}`). Undefined if the request has no such value: the element then matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function fillVariables(text: string, { valuesOf }: Pick<AccessRequest, 'valuesOf'>): string | undefined {
  if (!text.includes('${')) return text
  let complete = true
  const filled = text.replaceAll(/\$\{([^}]*)\}/g, (_whole, inner: string) => {
    if (LITERALS.has(inner)) return inner
    const [, key = inner, fallback] = /^([^,]+),\s*'(.*)'$/.exec(inner) ?? []
    const value = valuesOf(key.trim())?.[0] ?? fallback
    if (value === undefined) complete = false
    return value ?? ''
  })
  return complete ? filled : undefined
}

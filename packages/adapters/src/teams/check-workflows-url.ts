/**
 * What is wrong with the form of a Workflows webhook's URL; undefined: nothing. It is not called: the flow would run.
 * The text never holds the URL, which is a credential.
 */
export function checkWorkflowsUrl(url: string): string | undefined {
  const parsed = URL.parse(url)
  if (!parsed) return 'It is not an address.'
  if (/(^|\.)(webhook\.office\.com|outlook\.office\.com)$/i.test(parsed.hostname))
    return 'It is of an Office 365 connector, which Microsoft retired in May 2026: make a flow in Workflows.'
  if (/(^|\.)logic\.azure\.com$/i.test(parsed.hostname))
    return 'Addresses at logic.azure.com stopped on 2025-11-30: open the flow, and copy its new HTTP URL.'
  if (!parsed.pathname.endsWith('/triggers/manual/paths/invoke'))
    return 'It is not the HTTP URL of a flow: that ends in /triggers/manual/paths/invoke?…'
  if (!parsed.searchParams.get('sig'))
    return 'It has no sig: set "Who can trigger the flow" to Anyone, and copy the HTTP URL whole.'
  return undefined
}

import { createHash } from 'node:crypto'

/**
 * Invocations of one function in one chain of requests; the next is stopped.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const MAX_CHAIN_LENGTH = 16

/** How often the chain of these `X-Amzn-Trace-Id` headers has invoked the function; the longest chain counts. */
export function countInChain(headers: readonly (string | undefined)[], functionArn: string): number {
  return readLineage(headers).get(labelOf(functionArn)) ?? 0
}

/**
 * The header for an invocation: the caller's chain plus this invocation. A function's SDK clients send it with their
 * calls, which continues the chain. `Root` and other fields come from the first caller, or are new.
 */
export function extendChain(
  headers: readonly (string | undefined)[],
  { functionArn, requestId, now }: { readonly functionArn: string; readonly requestId: string; readonly now: number },
): string {
  const lineage = new Map(readLineage(headers))
  const label = labelOf(functionArn)
  lineage.set(label, (lineage.get(label) ?? 0) + 1)
  const caller = headers.find((header) => header !== undefined) ?? `Root=${newRoot(requestId, now)};Sampled=0`
  const otherFields = caller.split(';').filter((field) => !field.trim().startsWith('Lineage='))
  return [...otherFields, `Lineage=${[...lineage].map(([name, count]) => `${name}:${count}`).join('|')}`].join(';')
}

function readLineage(headers: readonly (string | undefined)[]): ReadonlyMap<string, number> {
  const lineage = new Map<string, number>()
  for (const header of headers)
    for (const [, name = '', count] of (lineageIn(header) ?? '').matchAll(/([0-9a-f]{8}):(\d{1,5})/g))
      lineage.set(name, Math.max(lineage.get(name) ?? 0, Number(count)))
  return lineage
}

function lineageIn(header: string | undefined): string | undefined {
  return header?.split(';').find((field) => field.trim().startsWith('Lineage='))
}

function labelOf(functionArn: string): string {
  return createHash('sha256').update(functionArn).digest('hex').slice(0, 8)
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
function newRoot(requestId: string, now: number): string {
  const unique = createHash('sha256').update(requestId).digest('hex').slice(0, 24)
  return `1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0')}-${unique}`
}

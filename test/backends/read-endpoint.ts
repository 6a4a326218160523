/** The address to test, empty for AWS itself; or what is wrong, in a line. */
export type ReadEndpoint =
  | { readonly ok: true; readonly endpoint: string }
  | { readonly ok: false; readonly problem: string }

const HOW = 'for example AWS_ENDPOINT_URL=http://127.0.0.1:4566 pnpm test:endpoint'

/** Reads which cloud the tests are to run on, and finds out whether a cloud answers there. */
export async function readEndpoint(env: Readonly<Record<string, string | undefined>>): Promise<ReadEndpoint> {
  const endpoint = env['AWS_ENDPOINT_URL'] ?? ''
  const account = env['TICKETING_REAL_ACCOUNT']
  if (account !== undefined && !/^\d{12}$/.test(account))
    return fail(`TICKETING_REAL_ACCOUNT is "${account}": it must be the twelve digits of an account`)
  if (endpoint === '') {
    if (account !== undefined) return { ok: true, endpoint }
    return fail(`AWS_ENDPOINT_URL is not set; ${HOW} (AWS itself: TICKETING_REAL_ACCOUNT=<account id>)`)
  }
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    return fail(`AWS_ENDPOINT_URL is "${endpoint}": it must be an http or https URL, ${HOW}`)
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(4_000) })
    return { ok: true, endpoint }
  } catch {
    return fail(`nothing answers at ${endpoint}; start the cloud there, or set AWS_ENDPOINT_URL to another`)
  }
}

function fail(problem: string): ReadEndpoint {
  return { ok: false, problem }
}

/** A request's method and headers: enough to see whether a web page sent it. */
export interface RequestHead {
  readonly method: string
  /** Lower-case names, as Node has them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** Why a local listener refuses a request. `text` says what was wrong and what to do. */
export interface ForeignRequest {
  readonly code: 'foreign-host' | 'foreign-origin' | 'foreign-site'
  readonly text: string
}

/**
 * Finds requests that a web page of another origin made a browser send. A listener on this machine is reachable by
 * every page that is open in its browser, so it calls this before it reads a body. `undefined` if nothing is wrong.
 *
 * - `Host` must be a loopback address, `localhost`, `*.localhost`, `host.docker.internal` or one of `hostNames`:
 *   otherwise an attacker's name points here (DNS rebinding), and the browser treats the page as same-origin.
 * - `Origin`, which browsers send with every POST and every `fetch` to another origin, must be this address.
 * - `Sec-Fetch-Site`, which browsers send with every request, must be `same-origin`. `none` (the user typed the
 *   address) may only read.
 *
 * Programs send neither `Origin` nor `Sec-Fetch-Site`.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function findForeignRequest(
  { method, headers }: RequestHead,
  hostNames: readonly string[] = [],
): ForeignRequest | undefined {
  const host = textOf(headers['host'])
  if (host === undefined || !isOurName(nameIn(host), hostNames)) return refuseHost(host)
  const origin = textOf(headers['origin'])
  if (origin !== undefined && !isSameOrigin(origin, host)) {
    const text = `A web page of ${quote(origin)} sent this request. Pages of other origins get no answer here.`
    return { code: 'foreign-origin', text: `${text} ${ADVICE}` }
  }
  const site = textOf(headers['sec-fetch-site'])
  const reads = method === 'GET' || method === 'HEAD'
  if (site === undefined || site === 'same-origin' || (site === 'none' && reads)) return undefined
  const text = `A browser sent this ${method} request with "Sec-Fetch-Site: ${site.slice(0, 40)}".`
  return { code: 'foreign-site', text: `${text} Expected: same-origin, or an address that was typed. ${ADVICE}` }
}

const ADVICE = 'Send it from a program, such as an SDK, the AWS CLI or curl.'

function refuseHost(host: string | undefined): ForeignRequest {
  const found = host === undefined ? 'The request has no Host header.' : `This listener is not known as ${quote(host)}.`
  const names = 'Expected: a loopback address, localhost, *.localhost, host.docker.internal or a configured name.'
  return { code: 'foreign-host', text: `${found} ${names} Use http://127.0.0.1, or add the name to its host names.` }
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}

/** In lower case, without port and trailing dot. */
function nameIn(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
}

function isOurName(name: string, hostNames: readonly string[]): boolean {
  if (name === 'localhost' || name.endsWith('.localhost') || name === 'host.docker.internal') return true
  if (name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name)) return true
  // The wildcard address is not a host name.
  if (name === '0.0.0.0' || name === '[::]') return false
  return hostNames.some((own) => name === nameIn(own.includes(':') && !own.startsWith('[') ? `[${own}]` : own))
}

/** The scheme may differ: behind a proxy that ends TLS, `Origin` says https. */
function isSameOrigin(origin: string, host: string): boolean {
  return /^https?:\/\/(.*)$/i.exec(origin)?.[1]?.toLowerCase() === host.toLowerCase()
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100))
}

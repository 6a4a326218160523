import type { CloudRequest } from '../../http.ts'
import type { UrlRecord } from './url-operations.ts'

/** The event (payload format 2.0) for a request to a function's URL; member names as captured from AWS. */
export function functionUrlEvent(
  request: CloudRequest,
  more: { rest: string; url: UrlRecord; requestId: string; now: number },
): object {
  const { rest, url, requestId, now } = more
  const [path, query] = splitOnce(rest, '?')
  const { cookie, ...headers } = request.headers
  const domainName = `${url.id}.lambda-url.${url.region}.on.aws`
  const text = isText(headers['content-type'])
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path === '' ? '/' : path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/u) }),
    headers: {
      ...headers,
      'x-forwarded-proto': headers['x-forwarded-proto'] ?? 'http',
      'x-forwarded-for': '127.0.0.1',
    },
    ...(query === '' ? {} : { queryStringParameters: queryParameters(query) }),
    requestContext: {
      accountId: url.authType === 'NONE' ? 'anonymous' : url.accountId,
      apiId: url.id,
      domainName,
      domainPrefix: url.id,
      http: {
        method: request.method,
        path: path === '' ? '/' : path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: accessLogTime(now),
      timeEpoch: now,
    },
    ...(request.body.byteLength === 0 ? {} : { body: Buffer.from(request.body).toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.byteLength > 0 && !text,
  }
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Repeated parameters are joined by a comma. */
function queryParameters(query: string): Record<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(joined)
}

/** Other bodies arrive in base64. */
function isText(contentType: string | undefined): boolean {
  return /^(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded)|[^;]+\+(?:json|xml))/iu.test(
    contentType ?? '',
  )
}

/** `05/Aug/2022:08:14:39 +0000` */
function accessLogTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w{3}) (\d{4}) (\S+) GMT$/u.exec(new Date(now).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

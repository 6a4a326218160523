import type { CloudResponse } from '../../http.ts'

/**
 * Reads a function's response to a request at its URL: a structured response, or any other value as the body.
 * `undefined` if it is invalid. Of several cookies only the first is sent: a response here has one value per header.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
 */
export function readFunctionUrlResponse(payload: string): CloudResponse | undefined {
  const answer: unknown = JSON.parse(payload)
  if (!isRecord(answer) || !('statusCode' in answer)) {
    const body = typeof answer === 'string' ? answer : payload
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }
  }
  const status = Number(answer['statusCode'])
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined
  const { body = '' } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: { 'content-type': 'application/json', ...headersOf(answer) },
    body: Buffer.from(text, answer['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  }
}

function headersOf(answer: Readonly<Record<string, unknown>>): Record<string, string> {
  const { headers, cookies } = answer
  const given = isRecord(headers) ? Object.entries(headers) : []
  const first: unknown = Array.isArray(cookies) ? cookies[0] : undefined
  return Object.fromEntries([
    ...given.map(([name, value]) => [name.toLowerCase(), String(value)]),
    ...(typeof first === 'string' ? [['set-cookie', first]] : []),
  ])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

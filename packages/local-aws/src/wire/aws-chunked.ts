import { AwsError } from '../service.ts'
import type { WireRequest } from './protocol.ts'

/**
 * Unwraps an `aws-chunked` body, signed or not, and turns its trailers into headers
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html, sigv4-streaming-trailers.html).
 */
export function unwrapChunks(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim())
  const streamed = (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-')
  if (!encodings.includes('aws-chunked') && !streamed) return request
  const { content, trailers } = readChunks(request.body)
  const expected = request.headers['x-amz-decoded-content-length']
  if (expected !== undefined && Number(expected) !== content.length) throw incomplete()
  const { 'content-encoding': _, ...headers } = request.headers
  const others = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked')
  return {
    ...request,
    body: content,
    headers: {
      ...headers,
      ...trailers,
      'content-length': String(content.length),
      ...(others.length > 0 && { 'content-encoding': others.join(', ') }),
    },
  }
}

function readChunks(body: Uint8Array): { content: Uint8Array; trailers: Record<string, string> } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const chunks: Buffer[] = []
  let position = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', position)
    if (lineEnd < 0) throw incomplete()
    const [size = ''] = bytes.toString('latin1', position, lineEnd).split(';')
    if (!/^[0-9a-f]+$/i.test(size.trim())) throw incomplete()
    const length = Number.parseInt(size, 16)
    position = lineEnd + 2
    if (length === 0)
      return { content: Buffer.concat(chunks), trailers: readTrailers(bytes.toString('latin1', position)) }
    if (position + length > bytes.length) throw incomplete()
    chunks.push(bytes.subarray(position, position + length))
    position += length + 2
  }
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {}
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return trailers
}

function incomplete(): AwsError {
  const message = 'The request body terminated unexpectedly or does not match the declared decoded length.'
  return new AwsError('IncompleteBody', message, { status: 400 })
}

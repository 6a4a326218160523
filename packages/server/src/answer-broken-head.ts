import type { Socket } from 'node:net'
import type { Log } from 'ticket-core'

/** By Node's error codes, as Node's own handler answers them. https://nodejs.org/api/http.html#event-clienterror */
const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Answers a request that is not HTTP, or whose head is too large or slow, and closes the connection. */
export function answerBrokenHead(
  error: NodeJS.ErrnoException,
  { socket, log, from }: { readonly socket: Socket; readonly log: Log; readonly from: string },
): void {
  const code = error.code ?? 'no-code'
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  log.write('warn', 'request.refused', {
    code,
    from,
    hint: 'the request is not readable as HTTP, or its head is too large or too slow',
  })
  socket.end(`HTTP/1.1 ${STATUS_LINES[code] ?? '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

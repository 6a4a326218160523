import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { listen } from './listen.ts'
import { signedFor } from './testing/call-raw.ts'
import { startAccount } from './testing/start-account.ts'

/** A connection with the head of a request sent, and its answer. */
async function begin(method: string, target: string, headers: Readonly<Record<string, string>>) {
  const bed = startAccount()
  const listening = await listen({ cloud: bed.cloud })
  if (!listening.ok) throw new Error(listening.failure.code)
  const { listener } = listening
  onTestFinished(async () => {
    await listener.close()
    bed[Symbol.dispose]()
  })
  const socket: Socket = connect(listener.port, '127.0.0.1')
  // The cloud closes while we still send.
  socket.on('error', () => undefined)
  const head = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n`)
  let text = ''
  const answered = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString()
      if (/\r\n\r\n[^]+/.test(text)) resolve(text)
    })
  })
  return { socket, answered }
}

const LENGTH = { 'content-length': '3000000000' }

test.each([
  ['S3', 'PUT', '/bucket/key', signedFor('s3'), '400 Bad Request', '<Code>EntityTooLarge</Code>'],
  ['S3, which asks first', 'PUT', '/bucket/key', { expect: '100-continue' }, '400 Bad Request', '<ProposedSize>3000000000'], // prettier-ignore
  ['Lambda', 'POST', '/2015-03-31/functions', {}, '413 Payload Too Large', 'RequestEntityTooLargeException'],
  ['SQS', 'POST', '/', { 'x-amz-target': 'AmazonSQS.SendMessage' }, '413 Payload Too Large', 'RequestEntityTooLarge'],
  ['a form', 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, '413 Payload Too Large', 'larger than'], // prettier-ignore
])('to %s a body of 3 GB is rejected by its head alone', async (_what, method, target, headers, status, text) => {
  const { socket, answered } = await begin(method, target, { ...headers, ...LENGTH })
  const answer = await answered
  expect(answer).toContain(`HTTP/1.1 ${status}\r\n`)
  expect(answer).toContain(text)
  socket.destroy()
})

test('a body without a length is read no further than the limit', async () => {
  const headers = { 'x-amz-target': 'secretsmanager.CreateSecret', 'transfer-encoding': 'chunked' }
  const { socket, answered } = await begin('POST', '/', headers)
  const chunk = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`
  for (let sent = 0; sent < 18; sent += 1) socket.write(chunk)
  // The body never ends: a listener that waited for its end would not answer.
  expect(await answered).toContain('HTTP/1.1 413')
  socket.destroy()
  await once(socket, 'close')
})

test('a body in thousands of tiny chunks is read no further', async () => {
  const { socket, answered } = await begin('PUT', '/bucket/key', { 'transfer-encoding': 'chunked' })
  socket.write('1\r\nx\r\n'.repeat(20_000))
  // The body never ends.
  expect(await answered).toContain('HTTP/1.1 400')
  socket.destroy()
  await once(socket, 'close')
})

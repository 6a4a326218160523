import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '@ticketing/local-aws'
import { createTrelloSimulator } from '../trello/create-trello-simulator.ts'
import { listenSimulator } from './listen-simulator.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** A server that answers 200 to everything, and the first POST that it got. */
async function listen() {
  const { promise: posted, resolve } = Promise.withResolvers<{ body: string; signature: unknown }>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.end()
      const body = Buffer.concat(chunks).toString()
      if (request.method === 'POST') resolve({ body, signature: request.headers['x-trello-webhook'] })
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stops.push(() => server.close())
  const { port } = server.address() as AddressInfo
  return { callbackURL: `http://127.0.0.1:${port}/trello`, posted }
}

test("over sockets and on the system's clock: a webhook is made, and hears of a card that is archived", async () => {
  const trello = createTrelloSimulator({ clock: systemClock, fetch })
  stops.push(() => trello.close())
  const listener = await listenSimulator(trello)
  stops.push(() => listener.close())
  const { callbackURL, posted } = await listen()
  const authorization = `OAuth oauth_consumer_key="${trello.key}", oauth_token="${trello.token}"`
  const post = async (path: string, body: object) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const sent = await fetch(`${listener.url}/1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return sent.status
  }
  expect(await post('/webhooks/', { callbackURL, idModel: trello.boardId })).toBe(200)
  expect(
    await post('/webhooks/', { callbackURL: `${callbackURL}s`.replace(/:\d+/, ':1'), idModel: trello.boardId }),
  ).toBe(400)
  expect(await post('/cards', { idList: trello.lists[0]?.id, name: 'Zoë 🍺' })).toBe(200)
  const { body, signature } = await posted
  expect(JSON.parse(body)).toMatchObject({ action: { type: 'createCard', data: { card: { name: 'Zoë 🍺' } } } })
  expect(signature).toBe(
    createHmac('sha1', trello.apiSecret)
      .update(body + callbackURL)
      .digest('base64'),
  )
})

import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { EgressRefused, installEgressGuard } from '../egress/index.ts'
import { createSlackSimulator } from '../slack/create-slack-simulator.ts'
import { createVirtualClock } from '@ticketing/local-aws'
import { createTrelloSimulator } from '../trello/create-trello-simulator.ts'
import { listenSimulator, type ListeningSimulator, type ListenOptions } from './listen-simulator.ts'
import { createSimulatorFetch } from './simulator-fetch.ts'

const START = Date.UTC(2026, 10, 23, 14, 3, 22)

const listening: ListeningSimulator[] = []
afterEach(async () => {
  await Promise.all(listening.splice(0).map((listener) => listener.close()))
})

async function listen(options?: ListenOptions) {
  const slack = createSlackSimulator({ clock: createVirtualClock(START) })
  const listener = await listenSimulator(slack, options)
  listening.push(listener)
  return { slack, listener }
}

const post = (url: string, body = '{"text":"hello"}') =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

describe('a simulator behind a listener', () => {
  test('answers over a socket as it does in process', async () => {
    const { slack, listener } = await listen()
    const answer = await post(slack.at(listener.url))
    expect([answer.status, await answer.text()]).toEqual([200, 'ok'])
    expect(slack.messages).toHaveLength(1)
  })

  test.each(['127.0.0.1', '0.0.0.0'])('that listens at %s is reached at its URL', async (host) => {
    const { slack, listener } = await listen({ host })
    expect((await post(slack.at(listener.url))).status).toBe(200)
  })

  test('keeps characters of several bytes whole', async () => {
    const { slack, listener } = await listen()
    await post(slack.at(listener.url), JSON.stringify({ text: '🍺 Ärger 漢字'.repeat(500) }))
    expect(slack.messages[0]?.text).toBe('🍺 Ärger 漢字'.repeat(500))
  })

  test('answers an unknown path like the vendor', async () => {
    const { listener } = await listen()
    const answer = await fetch(`${listener.url}/api/chat.postMessage`)
    expect([answer.status, await answer.text()]).toEqual([404, 'no_service'])
  })

  test('shows every message and card whole, and the words of users only as text', async () => {
    const hostile = '<script>alert(1)</script>\u001b[31m\u202eevil\n#tickets  2026-11-24T10:00:00Z'
    const { slack, listener } = await listen()
    await post(slack.at(listener.url), JSON.stringify({ text: `Hello <!channel> ${hostile}` }))
    const trello = createTrelloSimulator({ clock: createVirtualClock(START) })
    const board = await listenSimulator(trello)
    listening.push(board)
    trello.openCardsAt(board.url)
    const query = new URLSearchParams({ key: trello.key, token: trello.token })
    const fields = new URLSearchParams({ idList: trello.lists[0]?.id ?? '', name: hostile, desc: `one\n${hostile}` })
    await fetch(`${board.url}/1/cards?${query}`, { method: 'POST', body: fields })
    const [card] = trello.cards
    const pages = await Promise.all([listener.url, board.url, card?.url ?? ''].map((url) => fetch(url)))
    for (const page of pages) {
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
      expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    }
    const [messages = '', cards = '', one = ''] = await Promise.all(pages.map((page) => page.text()))
    expect(messages).toMatch(/^#tickets .*\[notifies <!channel>\]\n {2}\| Hello/m)
    expect(cards).toContain('[list To Do]')
    for (const text of [messages, cards, one]) {
      expect(text).toContain(String.raw`\u{1b}[31m\u{202e}evil`)
      expect(text).not.toMatch(/(?!\n)\p{C}/u)
      expect(text.match(/^#tickets/gm)?.length ?? 0).toBeLessThan(2)
    }
    expect((await fetch(`${board.url}/c/AAAAAAAA`)).status).toBe(200)
    expect((await fetch(board.url, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
  })

  test('lets Trello refuse a URL that is too long for Node', async () => {
    const trello = createTrelloSimulator({ clock: createVirtualClock(START) })
    const listener = await listenSimulator(trello)
    listening.push(listener)
    const answer = await fetch(`${listener.url}/1/cards?name=${'x'.repeat(20_000)}`, { method: 'POST' })
    expect(answer.status).toBe(414)
  })

  test('on a port in use fails with the port, the listener and what to do', async () => {
    const { listener } = await listen()
    await expect(listen({ port: listener.port })).rejects.toThrow(
      `Port ${listener.port} for slack is in use. Stop what listens there, or choose another port.`,
    )
  })

  test('refuses a body that no vendor would take, by its length alone', async () => {
    const { slack, listener } = await listen()
    const answer = await sendAs(slack.at(listener.url), { 'content-length': '3000000000' })
    expect(answer).toEqual([413, 'The body is larger than 16777216 bytes.\n'])
  })

  test.each([
    ['that grows past what a vendor takes', 'POST', 'x'.repeat(2 ** 20), 17],
    ['in tiny chunks', 'POST', 'x', 20_000],
    ['in tiny chunks with GET', 'GET', 'x', 20_000],
  ])('refuses a body without a length %s, and serves the next request', async (_what, method, chunk, times) => {
    const { slack, listener } = await listen()
    const socket = connect(listener.port, '127.0.0.1')
    // The simulator closes while we still send.
    socket.on('error', () => undefined)
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text))
    socket.write(`${method} / HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`)
    // The end never comes.
    socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(times))
    await once(socket, 'close')
    expect(answer).toContain(`HTTP/1.1 ${method === 'GET' ? 200 : 413}`)
    expect((await post(slack.at(listener.url))).status).toBe(200)
  })

  test('takes no more requests once it is closed', async () => {
    const { slack, listener } = await listen()
    await listener.close()
    await expect(post(slack.at(listener.url))).rejects.toThrow('fetch failed')
  })
})

/** Status and text of a request with headers that `fetch` does not allow. */
function sendAs(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<readonly [number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        answer.on('end', () => resolve([answer.statusCode, text]))
      },
    )
    sent.on('error', reject).end('{"text":"hello"}')
  })
}

describe('a simulator, called by a browser', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a form of another site',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      'Pages of other origins',
    ],
    ['a page whose name points to this machine', { host: 'evil.example' }, 'not known as "evil.example"'],
  ])('refuses %s', async (_what, headers, text) => {
    const { slack, listener } = await listen()
    expect(await sendAs(slack.at(listener.url), headers)).toEqual([403, expect.stringContaining(text)])
    expect(slack.messages).toHaveLength(0)
  })

  test('answers under a configured name', async () => {
    const { slack, listener } = await listen({ hostNames: ['simulators'] })
    expect(await sendAs(slack.at(listener.url), { host: `simulators:${listener.port}` })).toEqual([200, 'ok'])
  })
})

describe('the fetch that reaches simulators', () => {
  test('refuses any other origin, and names only the origin', async () => {
    const slack = createSlackSimulator({ clock: createVirtualClock(START) })
    const fetch = createSimulatorFetch([slack])
    const refused = fetch('https://hooks.example.com/services/secret?sig=secret').catch((error: unknown) => error)
    expect(await refused).toBeInstanceOf(EgressRefused)
    expect(String(await refused)).toContain('https://hooks.example.com was refused')
    expect(String(await refused)).toContain('https://hooks.slack.com')
    expect(String(await refused)).not.toContain('secret')
    expect(installEgressGuard().take()).toEqual([
      { origin: 'https://hooks.example.com', caller: expect.stringContaining('listen-simulator.test.ts') },
    ])
  })

  test("rejects with the caller's reason", async () => {
    const slack = createSlackSimulator({ clock: createVirtualClock(START) })
    const reason = new Error('given up')
    const sent = createSimulatorFetch([slack])(slack.webhookUrl, { signal: AbortSignal.abort(reason) })
    await expect(sent).rejects.toBe(reason)
  })
})

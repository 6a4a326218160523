import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'

// Runs in a pod of the cluster, as Teams with many writers: posts COUNT activities, one every EVERY_MS, each to every address
// of TO. Every second one goes over kept connections, as a proxy has them; the others over a connection of their own. Prints
// a line of JSON for each answer. Only Node's own modules: the file is mounted into our image.

const { TO = '', TOKEN = '', ACTIVITY = '{}', COUNT = '1', EVERY_MS = '100' } = process.env
const addresses = TO.split(',')
const template: { readonly conversation: object } = JSON.parse(ACTIVITY)
const kept = new Agent({ keepAlive: true, maxSockets: 4 })
const started = Date.now()

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The answer's status and text; 0 and the reason where there is none. */
function post(to: string, { body, agent }: { readonly body: string; readonly agent: Agent | false }) {
  const signature = createHmac('sha256', Buffer.from(TOKEN, 'base64')).update(body).digest('base64')
  const headers = { 'content-type': 'application/json; charset=utf-8', authorization: `HMAC ${signature}` }
  return new Promise<{ status: number; text: string }>((resolve) => {
    const failed = (error: Error): void => resolve({ status: 0, text: error.message })
    const sent = request(to, { method: 'POST', headers, agent, timeout: 10_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.once('error', failed)
    })
    sent.once('timeout', () => sent.destroy(new Error('no answer in 10 s')))
    sent.once('error', failed)
    sent.end(body)
  })
}

async function send(n: number): Promise<void> {
  const id = String(started + n)
  const message = JSON.stringify(template).replaceAll('NUMBER', String(n)).replaceAll('ACTIVITY-ID', id)
  const body = JSON.stringify({ ...JSON.parse(message), timestamp: new Date().toISOString() })
  const agent = n % 2 === 0 ? kept : false
  await Promise.all(
    addresses.map(async (to) => {
      const { status, text } = await post(to, { body, agent })
      const ticket = /Ticket (T-\w{5}-\w{5}) accepted/.exec(text)?.[1]
      const why = ticket === undefined && { text: text.slice(0, 300) }
      process.stdout.write(`${JSON.stringify({ n, to, status, ticket, ...why })}\n`)
    }),
  )
}

/** A new pod's rules of the network need a moment. */
for (let tries = 0; tries < 100; tries += 1) {
  const alive = await Promise.all(
    addresses.map((to) =>
      fetch(`${to}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  )
  if (alive.every(Boolean)) break
  await sleep(200)
}
const sends: Promise<void>[] = []
for (let n = 0; n < Number(COUNT); n += 1) {
  sends.push(send(n))
  await sleep(Number(EVERY_MS))
}
await Promise.all(sends)
kept.destroy()

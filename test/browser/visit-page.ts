import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** To the browser, a page on the web. */
export interface Page {
  /** Shown first; any other path answers an empty page. */
  readonly html: string
  /** Ends the visit: the path that the page asks for when it is done. */
  readonly lastPath: string
}

/** Names that lead to this machine's loopback address, as an attacker's own name server would have it. */
const PAGE_HOST = 'page.example'
export const REBOUND_HOST = 'rebound.example'

/**
 * Opens the page in a headless Chromium under the origin `http://page.example:<port>`, and resolves with the paths that it
 * asked its own server for.
 */
export async function visitPage({ html, lastPath }: Page): Promise<readonly string[]> {
  const asked: string[] = []
  const { promise: isDone, resolve: done } = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(path === '/' ? html : '')
    if (path.startsWith(lastPath)) done()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await using browser = await startChromium(['--remote-debugging-port=0', `http://${PAGE_HOST}:${port}/`])
  const tooEarly = browser.ended.then((said) =>
    Promise.reject(new Error(`Chromium ended before the page was done:\n${said}`)),
  )
  await Promise.race([isDone, tooEarly])
  tooEarly.catch(() => undefined)
  server.closeAllConnections()
  server.close()
  return asked
}

/** What Chromium shows at an address, as HTML. */
export async function showAddress(url: string): Promise<string> {
  await using browser = await startChromium(['--dump-dom', url])
  return await browser.ended
}

/** `ended` resolves with all that it printed. */
async function startChromium(args: readonly string[]): Promise<{ readonly ended: Promise<string> } & AsyncDisposable> {
  const profile = await mkdtemp(join(tmpdir(), 'ticketing-browser-'))
  const own = [
    '--headless',
    // In a container there is often neither a sandbox nor a graphics card.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    `--user-data-dir=${profile}`,
    `--host-resolver-rules=MAP ${PAGE_HOST} 127.0.0.1, MAP ${REBOUND_HOST} 127.0.0.1`,
  ]
  const child = spawn(process.env['CHROMIUM'] ?? 'chromium', [...own, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>()
  child.once('close', () => resolve(said))
  child.once('error', (cause) => reject(new Error('Chromium does not start: CHROMIUM may name its path', { cause })))
  return {
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended.catch(() => undefined)
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

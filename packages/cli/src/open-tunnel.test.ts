import { describe, expect, it } from 'vitest'
import { openTunnel, type TunnelSdk } from './open-tunnel.ts'

const SETTINGS = { domain: 'tickets.ngrok-free.dev', authtoken: '2abcDEF_secret' }
const SERVER = 'http://127.0.0.1:3978'

const onStatus = (): void => {}

/** A double of ngrok's SDK: it returns a listener, or throws one of ngrok's errors. */
function ngrok(answer: Error | string) {
  const asked: unknown[] = []
  let closed = 0
  const listener = { url: () => String(answer), close: async () => void (closed += 1) }
  const forward = async (config: unknown) => {
    asked.push(config)
    if (typeof answer !== 'string') throw answer
    return listener
  }
  return { load: async () => ({ forward }) as unknown as TunnelSdk, asked, closed: () => closed }
}

describe('a tunnel', () => {
  it('leads from the domain to the server until it is closed', async () => {
    const { load, asked, closed } = ngrok('https://tickets.ngrok-free.dev')
    const opened = await openTunnel(SERVER, SETTINGS, { load, onStatus })
    expect(asked).toEqual([{ addr: SERVER, ...SETTINGS, onStatusChange: expect.any(Function) }])
    expect(opened).toMatchObject({ ok: true, value: { url: 'https://tickets.ngrok-free.dev' } })
    if (opened.ok) await opened.value.close()
    expect(closed()).toBe(1)
  })

  it.each([
    [
      'ngrok refuses',
      Object.assign(new Error('authentication failed'), { errorCode: 'ERR_NGROK_107' }),
      'configuration',
    ],
    ['ngrok refuses in words', new Error('failed: the domain is taken.\n\nERR_NGROK_334'), 'configuration'],
    ['the network fails', new Error('failed to connect session: failed to establish tcp connection'), 'unavailable'],
  ] as const)('that cannot be opened because %s is a failure of one line', async (_, error, code) => {
    const opened = await openTunnel(SERVER, SETTINGS, { load: ngrok(error).load, onStatus })
    const [start = ''] = error.message.split('\n')
    expect(opened).toMatchObject({ ok: false, failure: { code, lines: [expect.stringContaining(start)] } })
    expect(opened.ok ? [] : opened.failure.lines.join('').split('\n')).toHaveLength(1)
  })

  it('says when it is lost, and when it is there again', async () => {
    const { load, asked } = ngrok('https://tickets.ngrok-free.dev')
    const said: string[] = []
    await openTunnel(SERVER, SETTINGS, { load, onStatus: (status) => void said.push(status) })
    const [{ onStatusChange }] = asked as [{ onStatusChange: (status: string) => void }]
    for (const status of ['closed', 'connected']) onStatusChange(status)
    expect(said).toEqual(['lost', 'restored'])
  })

  it('never shows the token, whatever ngrok says', async () => {
    const opened = await openTunnel(SERVER, SETTINGS, {
      load: ngrok(new Error(`bad token ${SETTINGS.authtoken}`)).load,
      onStatus,
    })
    expect(JSON.stringify(opened)).toContain('bad token [secret]')
  })

  it('needs the optional package, and says so if it is missing', async () => {
    const missing = new Error("Cannot find package '@ngrok/ngrok'\nRequire stack")
    expect(await openTunnel(SERVER, SETTINGS, { load: () => Promise.reject(missing), onStatus })).toEqual({
      ok: false,
      failure: {
        code: 'configuration',
        lines: [
          "NGROK_AUTHTOKEN is set, but ngrok's SDK cannot be loaded here (Cannot find package '@ngrok/ngrok'); unset it, or install @ngrok/ngrok.",
        ],
      },
    })
  })
})

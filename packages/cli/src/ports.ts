import { createServer } from 'node:net'
import { CliError } from './cli-error.ts'
import { loadTestbed } from './load.ts'

/** The flag that changes each port. */
const FLAGS = { server: '--port', cloud: '--cloud-port', trello: '--trello-port', slack: '--slack-port' } as const
const NAMES = {
  server: 'the server',
  cloud: 'the embedded cloud',
  trello: 'the Trello simulator',
  slack: 'the Slack simulator',
} as const

type Who = keyof typeof FLAGS
type Ports = Readonly<Partial<Record<Who, number>>>

const WHO: readonly Who[] = ['server', 'cloud', 'trello', 'slack']

/** Refuses two listeners on one port before anything starts. */
export function checkPorts(ports: Ports): void {
  for (const [index, one] of WHO.entries()) {
    const port = ports[one] ?? 0
    const other = WHO.slice(index + 1).find((who) => port !== 0 && ports[who] === port)
    if (other) throw new CliError(`${FLAGS[one]} and ${FLAGS[other]} are both ${port}; each needs a port of its own`, 2)
  }
}

/**
 * Turns an AddressInUse into one message for all ports that are in use, each with its flag. The failed start found the
 * first one; this tries the others. Returns every other error unchanged.
 */
export async function explainAddress(
  thrown: unknown,
  { ports, host }: { ports: Ports; host: string },
): Promise<unknown> {
  const { AddressInUse } = await loadTestbed()
  if (!(thrown instanceof AddressInUse)) return thrown
  const isTaken = await Promise.all(
    WHO.map(async (who) => who === thrown.who || (await isInUse(ports[who] ?? 0, host))),
  )
  const taken = WHO.filter((_, index) => isTaken[index])
  const lines = taken.map(
    (who) =>
      `port ${who === thrown.who ? thrown.port : ports[who]} is in use, and ${NAMES[who]} needs it; choose another by ${FLAGS[who]} N (0 takes a free one)`,
  )
  return new CliError(lines.join('\n'))
}

async function isInUse(port: number, host: string): Promise<boolean> {
  if (port === 0) return false
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
  server.listen(port, host, () => server.close(() => resolve(false)))
  return promise
}

/** A port given by a flag; 0 takes a free one. */
export function readPort(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new CliError(`${flag}: expected a port from 0 to 65535 (0 takes a free one), got "${text}"`, 2)
}

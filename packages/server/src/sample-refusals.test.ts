import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '@ticketing/local-aws'
import { NOW } from '../test/intake.ts'
import { createSourceReader, isNetwork } from './read-source.ts'
import { sampleRefusals } from './sample-refusals.ts'

function open() {
  const clock = createVirtualClock(NOW)
  const lines: string[] = []
  const log = sampleRefusals(
    { write: (_level, event, { code, leftOut } = {}) => void lines.push([event, code, leftOut].join(' ').trim()) },
    clock,
  )
  const refuse = (code: string, times: number): void => {
    for (let count = 0; count < times; count += 1) log.write('warn', 'request.refused', { code })
  }
  return { clock, lines, log, refuse }
}

const read = (trusted: readonly string[], remoteAddress: string | undefined, forwarded?: string): string =>
  createSourceReader(trusted)({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  })

describe('refused requests in the log', () => {
  it('are ten lines a minute of each kind, and a count of the rest', async () => {
    const { clock, lines, log, refuse } = open()
    refuse('mismatch', 400_000)
    refuse('stale', 2)
    expect(lines).toHaveLength(12)
    await clock.advance(60_000)
    log.write('info', 'ticket.accepted', {})
    expect(lines.slice(12)).toEqual(['request.refused.left-out mismatch 399990', 'ticket.accepted'])
    refuse('mismatch', 1)
    expect(lines.at(-1)).toBe('request.refused mismatch')
  })

  it('hold nothing else back', () => {
    const { lines, log } = open()
    for (let count = 0; count < 100; count += 1) log.write('info', 'ticket.accepted', {})
    expect(lines).toHaveLength(100)
  })
})

describe('the source of a request', () => {
  it.each([
    ['the other end', [], '203.0.113.9', undefined, '203.0.113.9'],
    ['IPv4 on a socket for both', [], '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['an address that is not trusted', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a stranger beside a trusted proxy', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a trusted proxy', ['10.0.0.0/8'], '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['two of them', ['10.0.0.0/8', '::1'], '::1', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['what the caller wrote before them', ['10.0.0.0/8'], '10.1.2.3', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['no address', ['10.0.0.0/8'], '10.1.2.3', 'unknown"', '10.1.2.3'],
    ['a trusted proxy that names no address', ['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
    ['a connection that is gone', ['10.0.0.0/8'], undefined, undefined, 'unknown'],
  ])('%s', (_, trusted, remote, forwarded, expected) => {
    expect(read(trusted, remote, forwarded)).toBe(expected)
  })

  it.each([
    ['127.0.0.1', true],
    ['10.0.0.0/8', true],
    ['fd00::/8', true],
    ['10.0.0.0/33', false],
    ['10.0.0/8', false],
    ['proxy.example', false],
    ['', false],
  ])('a network is %s: %s', (text, expected) => {
    expect(isNetwork(text)).toBe(expected)
  })
})

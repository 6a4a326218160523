import { describeSettingProblem } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

function readPublic(TICKETING_PUBLIC_URL: string, more: Readonly<Record<string, string>> = {}): unknown {
  return readSettings({ TICKETING_PUBLIC_URL, ...more })
}

describe('settings', () => {
  it('have defaults for a server on one machine; the region is left to the SDK', () => {
    expect(readSettings({})).toEqual({
      ok: true,
      value: {
        secretId: 'ticketing-app',
        host: '127.0.0.1',
        port: 3978,
        maxAgeMs: 300_000,
        logLevel: 'info',
        escalateAfterMs: 900_000,
      },
    })
  })

  it('take what is set; an empty value counts as none', () => {
    const env = {
      TICKETING_SECRET_ID: 'other',
      TICKETING_HOST: '0.0.0.0',
      TICKETING_PORT: '0',
      TICKETING_MAX_AGE: '60',
      TICKETING_LOG_LEVEL: '',
      AWS_REGION: 'eu-west-1',
    }
    expect(readSettings(env)).toEqual({
      ok: true,
      value: {
        secretId: 'other',
        host: '0.0.0.0',
        port: 0,
        maxAgeMs: 60_000,
        logLevel: 'info',
        escalateAfterMs: 900_000,
        region: 'eu-west-1',
      },
    })
  })

  it('take 0 for never escalating, and a duration', () => {
    expect(readSettings({ TICKETING_ESCALATE_AFTER: '0' })).toMatchObject({ value: { escalateAfterMs: 0 } })
    expect(readSettings({ TICKETING_ESCALATE_AFTER: '1h' })).toMatchObject({ value: { escalateAfterMs: 3_600_000 } })
    expect(readSettings({ TICKETING_ESCALATE_AFTER: 'soon' })).toMatchObject({ ok: false })
  })

  it('give an endpoint other than AWS the region us-east-1', () => {
    expect(readSettings({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' })).toMatchObject({
      value: { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1' },
    })
  })

  it('take the public address without its last slash, https only on the real AWS', () => {
    expect(readPublic('https://tickets.example.com/')).toMatchObject({
      value: { publicUrl: 'https://tickets.example.com' },
    })
    expect(readPublic('https://a.example/base/')).toMatchObject({ value: { publicUrl: 'https://a.example/base' } })
    for (const wrong of ['http://tickets.example.com', 'tickets.example.com', 'https://a.example/?x=1', 'https://a b'])
      expect(readPublic(wrong)).toMatchObject({ ok: false, failure: [{ name: 'TICKETING_PUBLIC_URL', came: wrong }] })
    const onDesk = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }
    expect(readPublic('http://127.0.0.1:3978', onDesk)).toMatchObject({ value: { publicUrl: 'http://127.0.0.1:3978' } })
  })

  it('that are wrong are all named at once, with what came and what is expected', () => {
    const read = readSettings({
      AWS_ENDPOINT_URL: 'localhost:4566',
      AWS_REGION: 'Ireland',
      TICKETING_PORT: '70000',
      TICKETING_MAX_AGE: '5m',
      TICKETING_LOG_LEVEL: 'loud',
    })
    expect(read.ok ? [] : read.failure.map(describeSettingProblem)).toEqual([
      'AWS_ENDPOINT_URL is "localhost:4566": it must be an address such as http://127.0.0.1:4566.',
      'AWS_REGION is "Ireland": it must be a region such as eu-west-1.',
      'TICKETING_PORT is "70000": it must be a port from 0 to 65535.',
      'TICKETING_MAX_AGE is "5m": it must be whole seconds from 1 to 86400.',
      'TICKETING_LOG_LEVEL is "loud": it must be one of debug, info, warn, error.',
    ])
  })
})

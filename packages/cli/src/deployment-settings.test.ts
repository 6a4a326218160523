import { describeSettingProblem } from 'ticket-core'
import { describe, expect, it } from 'vitest'
import { readDeploymentSettings } from './deployment-settings.ts'

describe('the settings of a deployment', () => {
  it.each([
    ['nothing', {}, { manage: false }],
    ['nothing, by empty values', { TICKETING_MANAGE: '', NGROK_DOMAIN: '', NGROK_AUTHTOKEN: ' ' }, { manage: false }],
    ['the stack applied', { TICKETING_MANAGE: '1' }, { manage: true }],
    ['the stack left alone', { TICKETING_MANAGE: '0' }, { manage: false }],
    [
      'a tunnel',
      { NGROK_AUTHTOKEN: 't0ken', NGROK_DOMAIN: 'a.ngrok-free.dev' },
      { manage: false, tunnel: { authtoken: 't0ken', domain: 'a.ngrok-free.dev' } },
    ],
    [
      "a tunnel, by the older system's name of the token",
      { NGROK_TOKEN: 't0ken', NGROK_DOMAIN: 'a.ngrok-free.dev' },
      { manage: false, tunnel: { authtoken: 't0ken', domain: 'a.ngrok-free.dev' } },
    ],
  ])('is %s', (_, env, settings) => {
    expect(readDeploymentSettings(env)).toEqual({ settings, problems: [] })
  })

  it('report all problems together, also of settings for the functions', () => {
    const { problems } = readDeploymentSettings({
      TICKETING_MANAGE: 'true',
      NGROK_DOMAIN: 'https://a.ngrok-free.dev',
      NGROK_AUTHTOKEN: 't0ken',
      TICKETING_GIVE_UP_AFTER: '0h',
      TICKETING_NEWS_DELAY: '16m',
      TICKETING_TRELLO_URL: 'trello',
    })
    expect(problems.map(describeSettingProblem)).toEqual([
      'TICKETING_MANAGE is "true": it must be 1 (apply the stack on start) or 0.',
      'NGROK_DOMAIN is "https://a.ngrok-free.dev": it must be a domain of your ngrok account, such as name.ngrok-free.dev.',
      'TICKETING_GIVE_UP_AFTER is "0h": it must be a duration such as 90m, 24h or 2d.',
      'TICKETING_NEWS_DELAY is "16m": it must be a duration from 1s to 15m.',
      'TICKETING_TRELLO_URL is "trello": it must be an address such as http://127.0.0.1:4567.',
    ])
  })

  it('need both settings of a tunnel, and never show the token', () => {
    const lines = [{ NGROK_AUTHTOKEN: 't0ken' }, { NGROK_DOMAIN: 'a.ngrok-free.dev' }].flatMap((env) =>
      readDeploymentSettings(env).problems.map(describeSettingProblem),
    )
    expect(lines).toEqual([
      'NGROK_DOMAIN is "": it must be a domain of your ngrok account, such as name.ngrok-free.dev, since NGROK_AUTHTOKEN is set.',
      'NGROK_AUTHTOKEN is "": it must be the authtoken of your ngrok account, since NGROK_DOMAIN is set.',
    ])
  })
})

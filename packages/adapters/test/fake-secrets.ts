import type { AppSecret, SecretRead, SecretSource } from 'ticket-core'

export const SECRET: AppSecret = {
  prefix: 'dev',
  trello: {
    key: 'trello-key-0123',
    token: 'ATTA-trello-token',
    boardId: '5f0000000000000000000001',
    listName: 'To do',
  },
  slackUrl: 'https://slack.test/services/T0/B0/slack-credential',
  teamsTokens: ['dGVhbXMgdG9rZW4='],
}

async function read(value: AppSecret): Promise<SecretRead> {
  return { ok: true, value }
}

/** A source that gives `current`, then `fresh` once it was refreshed. */
export function fakeSecrets(
  current: AppSecret = SECRET,
  fresh: AppSecret = current,
): SecretSource & { readonly refreshes: () => number } {
  let refreshes = 0
  return {
    current: () => read(refreshes === 0 ? current : fresh),
    refresh: () => {
      refreshes += 1
      return read(fresh)
    },
    refreshes: () => refreshes,
  }
}

/** A source that is down. */
export const noSecrets: SecretSource = {
  current: () => Promise.resolve({ ok: false, failure: { code: 'secret-unavailable', reason: 'It is down.' } }),
  refresh: () => Promise.resolve({ ok: false, failure: { code: 'secret-unavailable', reason: 'It is down.' } }),
}

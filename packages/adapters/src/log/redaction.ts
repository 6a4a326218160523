import { type AppSecret, splitToken } from 'ticket-core'

/** Replaces known secrets in any text. */
export interface Redaction {
  /** Hides this text from now on, also in its URL-encoded form. Shorter than 6 characters: not a secret, left alone. */
  hide(secret: string): void
  /** Hides every credential of the application's secret, or of a part of it: keys, tokens and webhook URLs. */
  hideAppSecret(secret: Partial<AppSecret>): void
  redact(text: string): string
}

const SHORTEST = 6
const SHOWN = '[secret]'

/** Second line of defence: credentials that were not registered, recognised by their form. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [/(https?:\/\/hooks\.slack(?:-gov)?\.com\/)[^\s"'<>]+/g, `$1${SHOWN}`],
  [/([?&](?:sig|key|token|X-Amz-Signature|X-Amz-Security-Token)=)[^\s&"'<>]+/gi, `$1${SHOWN}`],
  [/(oauth_(?:consumer_key|token)=")[^"]*/gi, `$1${SHOWN}`],
  [/\b(HMAC\s+)[A-Za-z0-9+/]{16,}={0,2}/g, `$1${SHOWN}`],
  [/\b(Bearer\s+)[\w.~+/-]{16,}=*/gi, `$1${SHOWN}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, SHOWN],
]

/** A redaction that knows nothing yet. One a process, shared by the log and the secret's source. */
export function createRedaction(): Redaction {
  let secrets: readonly string[] = []
  function hide(secret: string): void {
    if (secret.length < SHORTEST || secrets.includes(secret)) return
    const known = new Set([...secrets, secret, encodeURIComponent(secret.toWellFormed())])
    // Longest first: of one secret that begins with another nothing may be left over.
    secrets = [...known].toSorted((one, other) => other.length - one.length)
  }
  return {
    hide,
    hideAppSecret({ trello, slackUrl, teamsTokens = [], adminSlackUrl, teamsNotifyUrl, teamsNews = {}, ...callbacks }) {
      const news = Object.values(teamsNews).map(({ url }) => url)
      const urls = [slackUrl, adminSlackUrl, teamsNotifyUrl, ...news].filter((url) => url !== undefined)
      const tokens = teamsTokens.map((entry) => splitToken(entry).token)
      const { trelloApiSecret = '', slackSigningSecret = '' } = callbacks
      const keys = [...(trello ? [trello.key, trello.token] : []), trelloApiSecret, slackSigningSecret]
      for (const secret of [...keys, ...tokens, ...urls]) hide(secret)
      // A webhook's path is a credential without its host, too.
      for (const url of urls) hide(pathOf(url))
    },
    redact(text) {
      let shown = text
      for (const secret of secrets) shown = shown.replaceAll(secret, SHOWN)
      for (const [form, replacement] of FORMS) shown = shown.replaceAll(form, replacement)
      return shown
    },
  }
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '')
}

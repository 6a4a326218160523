import { Buffer } from 'node:buffer'
import { type KeyObject, createHmac, createSecretKey, hash, timingSafeEqual } from 'node:crypto'
import { type Result, fail, succeed } from './result.ts'

/** The tokens of one or several outgoing webhooks, ready for use. Its keys never appear in logs or JSON. */
export interface KeyRing {
  readonly size: number
  /** The public part of each token, in their order. */
  readonly tokens: readonly TokenName[]
  /** The HMAC-SHA256 of `body` under each key, in the order of the tokens. */
  readonly macs: (body: Uint8Array) => readonly Uint8Array[]
}

/** A token without its secret. */
export interface TokenName {
  /** SHA-256 of the token as Teams showed it, in hex. */
  readonly digest: string
  /** The team that the secret binds it to: `<team id>=<token>`. */
  readonly team?: string
}

/** Why no ring could be made. `index` counts tokens from 0; the token itself is never shown. */
export type KeyRingFailure =
  | { readonly code: 'no-tokens' }
  | { readonly code: 'malformed-token'; readonly index: number; readonly expected: string }

/** Why a request is not from Teams. The hint is for the operator's log, never for the caller. */
export interface SignatureFailure {
  readonly code: 'missing' | 'wrong-scheme' | 'malformed' | 'wrong-length' | 'mismatch'
  readonly hint: string
}

const SHA256_BYTES = 32
/** Different bytes. 32 random ones have fewer once in 10^36 tokens. */
const LEAST_VARIETY = 8
const EXPECTED_TOKEN = 'base64 of 32 bytes: 44 characters, as Teams shows it'
const SCHEME = 'hmac '

const HINTS: Readonly<Record<SignatureFailure['code'], string>> = {
  missing: 'no Authorization header: the caller is not an outgoing webhook, or a proxy drops the header',
  'wrong-scheme': 'the Authorization header does not start with "HMAC ": the caller is not an outgoing webhook',
  malformed: 'what follows "HMAC " is not standard base64 with padding',
  'wrong-length': `the signature does not decode to ${SHA256_BYTES} bytes, the size of a SHA-256`,
  mismatch:
    'no token fits this body: the webhook was made again and its token is not configured, or a proxy changed the body',
}

/**
 * Prepares the tokens that Teams showed (base64; several for several teams or a rotation). Make it once and keep it:
 * the keys are kept by OpenSSL. A token under 32 bytes is refused, since a cut copy would only show as a mismatch; so is
 * one of few different bytes, which Teams does not make. `<team id>=<token>` binds a token to a team.
 *
 * @example
 * const ring = prepareKeyRing(['vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA='])
 */
export function prepareKeyRing(tokens: readonly string[]): Result<KeyRing, KeyRingFailure> {
  if (tokens.length === 0) return fail({ code: 'no-tokens' })
  const keys: KeyObject[] = []
  const names: TokenName[] = []
  for (const [index, entry] of tokens.entries()) {
    const refuseEntry = (expected: string): Result<KeyRing, KeyRingFailure> =>
      fail({ code: 'malformed-token', index, expected })
    const { token, team } = splitToken(entry.trim())
    const bytes = decodeBase64(token)
    if (!bytes || bytes.byteLength < SHA256_BYTES || team === '') return refuseEntry(EXPECTED_TOKEN)
    if (new Set(bytes).size < LEAST_VARIETY)
      return refuseEntry(
        `a token that Teams made, and not one of under ${LEAST_VARIETY} different bytes, easy to guess`,
      )
    const name = { digest: hash('sha256', token, 'hex'), ...(team !== undefined && { team }) }
    const earlier = names.find(({ digest }) => digest === name.digest)
    if (earlier && earlier.team !== name.team) return refuseEntry('each token once, for one team')
    keys.push(createSecretKey(bytes))
    names.push(name)
  }
  const macs = (body: Uint8Array): readonly Uint8Array[] =>
    keys.map((key) => createHmac('sha256', key).update(body).digest())
  return succeed({ size: keys.length, tokens: names, macs })
}

/**
 * Checks the `Authorization` header against the raw body bytes, in constant time: every key is tried, also after a match.
 * The value is the index of the token that matched. https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook
 */
export function verifySignature(signed: {
  readonly ring: KeyRing
  readonly body: Uint8Array
  readonly authorization: string | undefined
}): Result<{ readonly tokenIndex: number }, SignatureFailure> {
  const header = signed.authorization?.trim()
  if (!header) return refuse('missing')
  if (header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return refuse('wrong-scheme')
  const claimed = decodeBase64(header.slice(SCHEME.length).trim())
  if (!claimed) return refuse('malformed')
  if (claimed.byteLength !== SHA256_BYTES) return refuse('wrong-length')
  let tokenIndex = -1
  for (const [index, mac] of signed.ring.macs(signed.body).entries()) {
    if (timingSafeEqual(mac, claimed)) tokenIndex = index
  }
  return tokenIndex < 0 ? refuse('mismatch') : succeed({ tokenIndex })
}

/** Signs as Teams does, with the ring's first key: `HMAC <base64>`. For simulators and command lines. */
export function signBody({ ring, body }: { readonly ring: KeyRing; readonly body: Uint8Array }): string {
  const [mac = new Uint8Array()] = ring.macs(body)
  return `HMAC ${Buffer.from(mac).toString('base64')}`
}

/** Splits an entry of `TEAMS_HMAC_SECRET`. Equals signs at the end belong to base64; one before them ends a team's id. */
export function splitToken(entry: string): { readonly token: string; readonly team?: string } {
  const end = entry.replace(/={1,2}$/, '').lastIndexOf('=')
  return end < 0 ? { token: entry } : { token: entry.slice(end + 1).trim(), team: entry.slice(0, end).trim() }
}

/** Node's decoder skips characters that are not base64: only a text that encodes back to itself was base64. */
function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength > 0 && bytes.toString('base64') === text ? bytes : undefined
}

function refuse(code: SignatureFailure['code']): { readonly ok: false; readonly failure: SignatureFailure } {
  return fail({ code, hint: HINTS[code] })
}

/** Admits a message or says how many whole seconds to wait. */
export type RateLimit = (
  channel: string,
  now: number,
) => { readonly ok: true } | { readonly ok: false; readonly retryAfter: number }

/**
 * One message a second for each channel. Slack tolerates "short bursts" without a figure
 * (https://docs.slack.dev/apis/web-api/rate-limits): here `burst` messages at once after a rest.
 */
export function createRateLimit(burst: number): RateLimit {
  const channels = new Map<string, { allowance: number; at: number }>()
  return (channel, now) => {
    const known = channels.get(channel) ?? { allowance: burst, at: now }
    const allowance = Math.min(burst, known.allowance + (now - known.at) / 1000)
    const admitted = allowance >= 1
    channels.set(channel, { allowance: admitted ? allowance - 1 : allowance, at: now })
    return admitted ? { ok: true } : { ok: false, retryAfter: Math.max(1, Math.ceil(1 - allowance)) }
  }
}

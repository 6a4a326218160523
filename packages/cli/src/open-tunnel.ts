import type * as Ngrok from '@ngrok/ngrok'
import type { StartFailure } from '@ticketing/server'
import { type Result, fail, succeed } from 'ticket-core'
import type { TunnelSettings } from './deployment-settings.ts'

/** A public address for the server. */
export interface Tunnel {
  /** `https://name.ngrok-free.dev` */
  readonly url: string
  close(): Promise<void>
}

/** The part of ngrok's SDK that is used. https://github.com/ngrok/ngrok-javascript */
export type TunnelSdk = Pick<typeof Ngrok, 'forward'>

export interface TunnelTools {
  /** Loads the SDK, an optional package with a native part, only when a tunnel is wanted. */
  readonly load: () => Promise<TunnelSdk>
  /** Called when the connection to ngrok is lost, and when it is there again. */
  readonly onStatus: (status: 'lost' | 'restored') => void
}

/**
 * Opens ngrok's tunnel to a server on this machine. The SDK reconnects by itself. */
export async function openTunnel(
  serverUrl: string,
  { domain, authtoken }: TunnelSettings,
  { load, onStatus }: TunnelTools,
): Promise<Result<Tunnel, StartFailure>> {
  let sdk: TunnelSdk
  let isOpen = false
  try {
    sdk = await load()
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    return fail({
      code: 'configuration',
      lines: [
        `NGROK_AUTHTOKEN is set, but ngrok's SDK cannot be loaded here (${why}); unset it, or install @ngrok/ngrok.`,
      ],
    })
  }
  try {
    const onStatusChange = (status: string): void => {
      if (status === 'closed') onStatus('lost')
      else if (isOpen) onStatus('restored')
    }
    const listener = await sdk.forward({ addr: serverUrl, authtoken, domain, onStatusChange })
    isOpen = true
    return succeed({ url: listener.url() ?? `https://${domain}`, close: () => listener.close() })
  } catch (error) {
    return fail(explain(error, { domain, authtoken }))
  }
}

/** Ngrok's refusals have a code (https://ngrok.com/docs/errors/). Network failures have none. */
function explain(error: unknown, { domain, authtoken }: TunnelSettings): StartFailure {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(authtoken, '[secret]')
  const said = message.replaceAll(/\s+/g, ' ').trim()
  const refused = /ERR_NGROK_\d+/.test(`${said} ${String(Reflect.get(Object(error), 'errorCode'))}`)
  return {
    code: refused ? 'configuration' : 'unavailable',
    lines: [`The tunnel to ${domain} could not be opened: ${said}. Check NGROK_AUTHTOKEN and NGROK_DOMAIN.`],
  }
}

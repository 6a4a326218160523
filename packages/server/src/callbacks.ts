import type { IndexStore, PressAnswers, SecretSource } from 'ticket-core'
import { createCallbackSecret } from './callback-secret.ts'
import type { Handle } from './http-values.ts'
import { createSlackReceiver } from './receive-slack.ts'
import { createTrelloReceiver } from './receive-trello.ts'
import type { SubmitChangePorts } from './submit-change.ts'

const PATHS = { trello: '/trello', slack: '/slack' } as const

/** The addresses that vendors call. Trello signs its own: it must be exactly the registered one. */
export function callbackUrls(publicUrl: string): { readonly trello: string; readonly slack: string } {
  return { trello: `${publicUrl}${PATHS.trello}`, slack: `${publicUrl}${PATHS.slack}` }
}

export interface CallbacksPorts extends SubmitChangePorts {
  readonly secret: SecretSource
  readonly places: Pick<IndexStore, 'list'>
  readonly pressAnswers: PressAnswers
  /** Undefined while it is not known: then no callback of Trello can be verified. */
  readonly publicUrl: () => string | undefined
}

/** The receivers of callbacks, by path. */
export function createCallbacks({ publicUrl, ...ports }: CallbacksPorts): Readonly<Record<string, Handle>> {
  const secret = createCallbackSecret(ports)
  return {
    [PATHS.trello]: createTrelloReceiver({
      ...ports,
      secret,
      callbackUrl: () => {
        const url = publicUrl()
        return url === undefined ? undefined : callbackUrls(url).trello
      },
    }),
    [PATHS.slack]: createSlackReceiver({ ...ports, secret }),
  }
}

import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { intakeSecretId } from 'ticket-core'
import { milliseconds, type VirtualClock } from '@ticketing/local-aws'
import type { ScheduledEvent } from '../faults/fault.ts'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Testbed } from './testbed.ts'

/** Events without a call: clocks that jump, credentials that are rotated. */
export interface ScheduledEvents {
  /** The returned function cancels it. */
  readonly schedule: (event: ScheduledEvent, done: () => void) => () => void
  /** Events can happen only after this. */
  begin(bed: Testbed): void
}

export function createScheduledEvents(clock: VirtualClock, journal: JournalWriter): ScheduledEvents {
  let known: Testbed | undefined
  /** The credentials that replaced the first ones. */
  const current: Current = {}
  const bed = (): Testbed => {
    if (!known) throw new Error('the testbed has not started yet')
    return known
  }
  return {
    begin: (testbed) => void (known = testbed),
    schedule: (event, done) => {
      const run = (): void => {
        journal.note({ source: 'fault', kind: event.kind, at: event.at })
        done()
        if (event.at === 'clock') clock.jump(event.by)
        else rotate(bed(), event, current)
      }
      if (event.in !== undefined) return clock.after(milliseconds(event.in), run)
      run()
      return () => undefined
    },
  }
}

interface Current {
  trello?: string
  slack?: string
}

type Rotation = Extract<ScheduledEvent, { readonly at: 'secret' }>

/** From now on the old credential fails. The secret gets the new one after `writtenAfter`. */
function rotate(bed: Testbed, { what, writtenAfter = 0 }: Rotation, current: Current): void {
  const values = replaceCredential(bed, what, current)
  bed.clock.after(milliseconds(writtenAfter), () => {
    bed.journal.note({ source: 'note', kind: `the secret holds the new ${what} credential` })
    void changeSecret(bed, values)
  })
}

function replaceCredential(bed: Testbed, what: Rotation['what'], current: Current): Readonly<Record<string, string>> {
  switch (what) {
    case 'trello': {
      bed.trello.revokeToken(current.trello)
      current.trello = bed.trello.addToken()
      return { TRELLO_API_TOKEN: current.trello }
    }
    case 'slack': {
      bed.slack.revokeWebhook(current.slack ?? bed.slack.webhookUrl)
      current.slack = bed.slack.addWebhook('tickets')
      return { SLACK_URL: current.slack }
    }
    case 'teams':
      return { TEAMS_HMAC_SECRET: bed.teams.rotateToken() }
  }
}

/** Changes values of the application's secret, or Teams' tokens in intake's own, as an operator does. */
export async function changeSecret(
  bed: { readonly clients: Pick<Testbed['clients'], 'secretsManager'>; readonly secretId: string },
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const { secretsManager } = bed.clients
  const SecretId = 'TEAMS_HMAC_SECRET' in values ? intakeSecretId(bed.secretId) : bed.secretId
  const { SecretString = '{}' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }))
  const changed = JSON.stringify({ ...JSON.parse(SecretString), ...values })
  await secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: changed }))
}

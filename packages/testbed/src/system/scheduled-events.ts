import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { intakeSecretId } from 'ticket-core'
import { milliseconds } from '@ticketing/local-aws'
import type { VirtualClock } from '@ticketing/local-aws'
import type { ScheduledEvent } from '../faults/fault.ts'
import type { JournalWriter } from '../journal/create-journal.ts'
import type { Testbed } from './testbed.ts'

/** Lets things happen by themselves: clocks that jump, credentials that are replaced. */
export interface ScheduledEvents {
  /** The returned function cancels it. */
  readonly schedule: (event: ScheduledEvent, done: () => void) => () => void
  /** Before this, nothing can happen. */
  begin(bed: Testbed): void
}

export function createScheduledEvents(clock: VirtualClock, journal: JournalWriter): ScheduledEvents {
  let known: Testbed | undefined
  /** What took the place of the first credentials. */
  const current: Current = {}
  const bed = (): Testbed => {
    if (!known) throw new Error('the testbed has not begun yet')
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

/** The old credential is refused from now on; the secret learns of the new one when it is written. */
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
export async function changeSecret(bed: Testbed, values: Readonly<Record<string, string>>): Promise<void> {
  const { secretsManager } = bed.clients
  const SecretId = 'TEAMS_HMAC_SECRET' in values ? intakeSecretId(bed.secretId) : bed.secretId
  const { SecretString = '{}' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }))
  const changed = JSON.stringify({ ...JSON.parse(SecretString), ...values })
  await secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: changed }))
}

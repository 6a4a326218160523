import type { VirtualTestbed } from '@ticketing/testbed'
import { PEOPLE } from '../life/do-act.ts'
import { operatorClients } from '../support/bed.ts'
import { runInProcess } from '../support/run-in-process.ts'

/** As an operator does: whatever is dead is sent on its way again. */
export function redriveAll(bed: VirtualTestbed): Promise<string> {
  return operate(bed, ['dead-letters', 'redrive', '--all'])
}

/** As an operator does: the first of the people is forgotten. */
export function forgetPerson(bed: VirtualTestbed): Promise<string> {
  return operate(bed, ['tickets', 'forget', PEOPLE[0]])
}

/** Runs a command of an operator. */
async function operate(bed: VirtualTestbed, args: readonly string[]): Promise<string> {
  const { clock } = bed
  const ran = await clock.runUntilSettled(
    runInProcess(args, {
      cwd: '/',
      clock,
      env: { AWS_ENDPOINT_URL: bed.addresses.cloud },
      clients: operatorClients(bed),
    }),
  )
  bed.journal.note({ source: 'note', kind: `${args.join(' ')}: ${ran.output.trim().split('\n').at(-1)}` })
  return ran.output
}

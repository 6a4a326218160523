import { parseArgs } from 'node:util'
import { checkPorts, explainAddress, readPort } from '../ports.ts'
import { printTarget } from '../print-target.ts'
import { CliError } from '../cli-error.ts'
import { secretIdOf } from '../connect.ts'
import { showSteps } from '../dev/show-steps.ts'
import { loadTestbed } from '../load.ts'
import { findTarget, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { untilStopped, type Command } from '../command.ts'

const PORTS = { trello: 4567, slack: 4568 } as const

/** Only Trello and Slack, for another cloud such as LocalStack. */
export const simulators: Command = {
  name: 'simulators',
  summary: 'run only the Trello and Slack simulators, and put a secret that names them into an emulated AWS',
  help: `ticketing simulators     stays up; prints what arrives; GET /health at both once the secret is there. Never for the real AWS
  --prefix NAME        first part of every name, in the secret (default: dev)
  --host NAME          address to listen on (default: 127.0.0.1)
  --reached-as NAME    name by which the functions reach this machine (default: the host)
  --trello-port N      (default: ${PORTS.trello})
  --slack-port N       (default: ${PORTS.slack})${TARGET_HELP}`,
  async run(args, context) {
    const text = { type: 'string' } as const
    const options = {
      ...TARGET_OPTIONS,
      prefix: text,
      host: text,
      'reached-as': text,
      'trello-port': text,
      'slack-port': text,
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const ports = {
      trello: readPort('--trello-port', values['trello-port'], PORTS.trello),
      slack: readPort('--slack-port', values['slack-port'], PORTS.slack),
    }
    checkPorts(ports)
    const target = await findTarget(values, context)
    if (target.kind === 'aws')
      throw new CliError('simulators are for an emulated AWS only: name it by --endpoint URL', 2)
    if (target.running) throw new CliError('the testbed of this folder has simulators of its own')
    const { prefix = 'dev', host, 'reached-as': reachedAs } = values
    const { clients } = await printTarget(target, context, prefix)
    const { createJournal, putSecret, startVendors } = await loadTestbed()
    const { clock } = context
    const journal = createJournal({ clock })
    let ready = false
    const isReady = (): boolean => ready
    const vendors = await startVendors({ clock, journal, ports, host, reachedAs, isReady }).catch(async (error) => {
      throw await explainAddress(error, { ports, host: host ?? '127.0.0.1' })
    })
    try {
      const stopShowing = showSteps(journal, context)
      const secretId = secretIdOf(target, context)
      await putSecret({ clients, vendors, prefix, secretId })
      context.print(
        `Trello  ${vendors.trelloUrl}   open it: every card; for the functions: TICKETING_TRELLO_URL=${vendors.trelloUrl}`,
      )
      context.print(
        `Slack   ${vendors.slackUrl}   open it: every message; named in the secret ${secretId}; for the server: TICKETING_SLACK_URL=${vendors.slackUrl}`,
      )
      ready = true
      await untilStopped(context)
      stopShowing()
      return 0
    } finally {
      await vendors.close()
    }
  },
}

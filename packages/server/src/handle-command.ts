import {
  type Activity,
  type CardReply,
  type Command,
  type Request,
  replyHelp,
  replyUnclear,
  replyWhichTicket,
} from 'ticket-core'
import { type ChangePorts, changeTicket } from './change-ticket.ts'
import type { Asking } from './find-case.ts'
import { type ListPorts, listTickets } from './list-tickets.ts'
import { type StatusPorts, lookUpStatus } from './look-up-status.ts'

/** What commands need of the world. */
export interface CommandPorts extends ChangePorts, ListPorts, StatusPorts {}

/** Answers a command: everything that is not a new ticket. */
export async function handleCommand(
  ports: CommandPorts,
  command: Extract<Command, Request>,
  { activity, ...asking }: Asking & { readonly activity: Activity },
): Promise<CardReply> {
  const { log, metrics } = ports
  const { mention } = command
  switch (command.kind) {
    case 'help':
      log.write('info', 'help.answered')
      return replyHelp({ topic: command.topic, mention })
    case 'which-ticket':
      log.write('info', 'command.answered', { verb: command.verb, outcome: 'which-ticket' })
      metrics.count('ticketing_commands_total', { verb: command.verb, outcome: 'which-ticket' })
      return replyWhichTicket({ given: command.given, verb: command.verb, mention })
    case 'unclear':
      log.write('info', 'command.answered', { outcome: 'unclear', why: command.why })
      metrics.count('ticketing_commands_total', { verb: 'none', outcome: 'unclear' })
      return replyUnclear({ why: command.why, suggestions: command.suggestions, mention })
    case 'status':
      return lookUpStatus(ports, { ticket: command.ticket, mention, ...asking })
    case 'list':
      return listTickets(ports, command, { activity, mention, ...asking })
    case 'change':
      return changeTicket(ports, command, { activity, mention, ...asking })
  }
}

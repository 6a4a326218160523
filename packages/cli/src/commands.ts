import { deadLetters } from './commands/dead-letters.ts'
import { dev } from './commands/dev.ts'
import { down } from './commands/down.ts'
import { policy } from './commands/policy.ts'
import { send } from './commands/send.ts'
import { server } from './commands/server.ts'
import { simulators } from './commands/simulators.ts'
import { status } from './commands/status.ts'
import { tokens } from './commands/tokens.ts'
import { up } from './commands/up.ts'
import type { Command } from './world.ts'

/** All commands, in the order in which a newcomer meets them. */
export const commands: readonly Command[] = [
  dev,
  send,
  status,
  deadLetters,
  tokens,
  up,
  down,
  policy,
  server,
  simulators,
]

import { announce } from '../announce.ts'
import { connect } from '../connect.ts'
import { closeLetters } from '../desk/close-letters.ts'
import { exportLetters } from '../desk/export-letters.ts'
import { hintFor } from '../hints.ts'
import { listLetters } from '../desk/list-letters.ts'
import { redriveLetters } from '../desk/redrive-letters.ts'
import { showLetters } from '../desk/show-letter.ts'
import { DESK_HELP, readUsage } from '../desk/usage.ts'
import { findTarget } from '../target.ts'
import type { Command } from '../world.ts'

/** The dead-letter desk: what could not be delivered, why, sending it again, closing it, handing it on. */
export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'what could not be delivered: list, show, redrive, close, export',
  help: DESK_HELP,
  async run(args, world) {
    const { action, keys, values } = readUsage(args)
    const target = await findTarget(values, world)
    const system = await connect(target, world)
    const { cause, closed, json, message, to, body, because = '' } = values
    const dryRun = values['dry-run'] ?? false
    const hint = hintFor(values)
    switch (action) {
      case 'list':
        return listLetters(system, world, { cause, closed, json, hint })
      case 'show':
        return showLetters(system, world, { keys, message, json, hint })
      case 'redrive':
        await announce(target, world, system.secret.prefix)
        return redriveLetters(system, world, { keys, cause, closed, dryRun, hint })
      case 'close':
        await announce(target, world, system.secret.prefix)
        return closeLetters(system, world, { keys, cause, because: because.trim(), dryRun })
      case 'export':
        return exportLetters(system, world, { keys, cause, closed, to, body, hint })
    }
  },
}

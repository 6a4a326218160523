import { callingProcess } from '../processes/simulated-process.ts'
import type { ProcessFault } from './fault.ts'

/** Ends the process that makes the call, or lets it hang. */
export function stopCaller({ kind }: Pick<ProcessFault, 'kind'>): void {
  const caller = callingProcess()
  switch (kind) {
    case 'crash':
      return caller?.exit({ code: 1, signal: null })
    case 'killed':
      return caller?.exit({ code: null, signal: 'SIGKILL' })
    case 'timed-out':
      return caller?.freeze()
  }
}

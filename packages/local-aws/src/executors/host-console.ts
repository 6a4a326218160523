import { format } from 'node:util'

/** Makes `console` write as Lambda's Node runtime does: time, request id, level and text, tab-separated. */
export function formatConsole(requestId: () => string | undefined): void {
  for (const [method, level] of LEVELS) {
    console[method] = (...values: unknown[]) => {
      const line = [new Date().toISOString(), requestId() ?? 'undefined', level, format(...values)].join('\t')
      process.stdout.write(`${line}\n`)
    }
  }
}

const LEVELS = [
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['debug', 'DEBUG'],
  ['trace', 'TRACE'],
  ['warn', 'WARN'],
  ['error', 'ERROR'],
] as const

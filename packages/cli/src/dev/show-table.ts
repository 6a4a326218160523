import type { CommandContext } from '../command.ts'
import type { SampleResult } from './send-samples.ts'

/** Prints message → ticket id → where it landed → time. */
export function showTable(results: readonly SampleResult[], context: CommandContext): void {
  const rows = [
    ['message', 'ticket', 'landed', 'time'],
    ...results.map(({ message, ticket, landed, milliseconds }) => [
      message,
      ticket ?? '-',
      landed,
      `${milliseconds} ms`,
    ]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  context.print('')
  for (const row of rows)
    context.print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

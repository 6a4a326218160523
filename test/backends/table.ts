import { BACKENDS, type BackendName } from './backends.ts'

/** What the table holds: a cell for each scenario on each backend, and how each backend was run. */
export interface BackendTable {
  /** By scenario, then by backend. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<BackendName, string>>
  /** Date and parts. */
  readonly runs: ReadonlyMap<BackendName, string>
}

const BEGIN = '<!-- made by `pnpm backends`: from here -->'
const END = '<!-- made by `pnpm backends`: to here -->'

/** Reads the tables of the document. */
export function readTable(document: string): BackendTable {
  const rows = between(document)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const runs = new Map<BackendName, string>()
  const cells = new Map<string, Map<BackendName, string>>()
  let columns: readonly (BackendName | undefined)[] = []
  for (const [head = '', ...rest] of rows) {
    if (head === 'scenario') columns = rest.map(nameOf)
    else if (columns.length === 0) {
      const name = nameOf(head)
      if (name && rest[0]) runs.set(name, rest[0])
    } else if (!head.startsWith('-')) {
      cells.set(
        head,
        new Map(
          rest.flatMap((cell, at) => (columns[at] === undefined || cell === '' ? [] : [[columns[at], cell] as const])),
        ),
      )
    }
  }
  return { cells, runs }
}

/** Puts the tables into the document; what people wrote around them stays. */
export function writeTable(document: string, { cells, runs }: BackendTable): string {
  const [before = '', after = ''] = [document.split(BEGIN)[0], document.split(END)[1]]
  const lines = [
    BEGIN,
    '',
    '| backend | run |',
    '| --- | --- |',
    ...BACKENDS.map(({ name, title }) => `| ${title} | ${runs.get(name) ?? ''} |`),
    '',
    `| scenario | ${BACKENDS.map(({ title }) => title).join(' | ')} |`,
    `| --- | ${BACKENDS.map(() => '---').join(' | ')} |`,
    ...[...cells]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([scenario, row]) => `| ${scenario} | ${BACKENDS.map(({ name }) => row.get(name) ?? '').join(' | ')} |`),
    '',
    END,
  ]
  return `${before}${lines.join('\n')}${after}`
}

function between(document: string): string {
  return document.split(BEGIN)[1]?.split(END)[0] ?? ''
}

function nameOf(title: string): BackendName | undefined {
  return BACKENDS.find((backend) => backend.title === title)?.name
}

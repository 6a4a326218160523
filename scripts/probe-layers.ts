import { EXCEPTIONS, FENCED, LAYERS, type Layer } from './layers.ts'

/** A line that the linter must refuse, or must not. */
interface Line {
  readonly code: string
  readonly rule: string
  readonly isForbidden: boolean
}

/** A file to plant in a layer: one line for each thing that a layer may reach or not. */
export interface Probe {
  readonly file: string
  readonly source: string
  readonly lines: readonly Line[]
}

/** One module for each fence of the table, and what the core must not know either. */
const MODULES = [
  'ticket-core',
  'ticket-core/src/id.ts',
  'ticket-adapters',
  'ticket-adapters/sqs',
  '@ticketing/server',
  '@ticketing/testbed',
  '@ticketing/local-aws',
  '@ticketing/cli',
  '@ticketing/lambdas/build',
  '@ticketing/lambdas/src/decide/decide.ts',
  '@aws-sdk/client-sqs',
  '@aws-sdk/client-lambda',
  '../slack/index.ts',
  '../packages/server/src/start.ts',
  'node:fs',
]

/** A file for each row of the table that is about more than files with a fixed name. */
export function probeLayers(): Probe[] {
  const rows = [...LAYERS, ...EXCEPTIONS]
  return rows.flatMap((layer, index) => {
    const pattern = layer.files.find((each) => each.includes('*'))
    if (pattern === undefined) return []
    const lines = linesFor(layer)
    const file = pattern.replace('**/', '').replace('*', `planted-layer-${index}`)
    return [{ file, lines, source: lines.map(({ code }) => `${code}\n`).join('') }]
  })
}

function linesFor(layer: Layer): Line[] {
  const isTimed = layer.time !== 'free'
  const imports = MODULES.map((name, index) => ({
    code: `import { planted as planted${index} } from '${name}'`,
    rule: 'no-restricted-imports',
    isForbidden: !mayImport(layer, name),
  }))
  const types = (layer.mayImportLate ?? []).map((name, index) => ({
    code: `import type { Planted as Planted${index} } from '${name}'`,
    rule: 'no-restricted-imports',
    isForbidden: false,
  }))
  return [
    ...imports,
    ...types,
    {
      code: "import { setTimeout as wait } from 'node:timers/promises'",
      rule: 'no-restricted-imports',
      isForbidden: isTimed,
    },
    { code: 'setTimeout(() => {}, 1)', rule: 'no-restricted-globals', isForbidden: isTimed },
    { code: 'export const now: unknown = Date.now()', rule: 'no-restricted-properties', isForbidden: isTimed },
    { code: 'export const random: unknown = Math.random()', rule: 'no-restricted-properties', isForbidden: isTimed },
    {
      code: 'export const env: unknown = process.env',
      rule: 'no-restricted-globals',
      isForbidden: !layer.mayReadEnvironment,
    },
  ]
}

/** What the table says, read without the linter's own patterns. */
function mayImport({ mayImport: allowed, fenced = FENCED }: Layer, name: string): boolean {
  const isFenced = fenced.some((fence) => !fence.startsWith('!') && matches(fence, name))
  return !isFenced || allowed.some((each) => matches(each, name))
}

function matches(pattern: string, name: string): boolean {
  if (pattern === '*') return !name.startsWith('.')
  const source = RegExp.escape(pattern)
    .replaceAll(String.raw`\*\*\/`, '(?:.*/)?')
    .replaceAll(String.raw`\/\*\*`, '/.*')
    .replaceAll(String.raw`\*`, '[^/]*')
  return new RegExp(`^${source}$`).test(name)
}

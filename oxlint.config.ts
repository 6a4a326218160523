import { defineConfig, type OxlintOverride } from 'oxlint'
import { EXCEPTIONS, FENCED, LAYERS, type Layer } from './scripts/layers.ts'

type Rules = NonNullable<OxlintOverride['rules']>

const TIME = 'Time comes from the Clock port: a virtual clock must be able to move it.'
const RANDOM = 'Randomness is passed in, so that a run can be repeated.'
const ENVIRONMENT = 'Only composition roots read the environment.'
const PURE = 'ticket-core is pure: no I/O, no clock, no randomness.'

const named = (names: readonly string[], message: string): { name: string; message: string }[] =>
  names.map((name) => ({ name, message }))
const timers = named(['setTimeout', 'setInterval', 'setImmediate'], TIME)
const properties = [
  { object: 'Date', property: 'now', message: TIME },
  { object: 'performance', property: 'now', message: TIME },
  { object: 'AbortSignal', property: 'timeout', message: TIME },
  { object: 'Math', property: 'random', message: RANDOM },
]

/** The linter's rules for a row of the table. They replace those of an earlier row, so each has all of them. */
function toOverride({ files, why, mayImport, mayImportLate = [], fenced = FENCED, ...layer }: Layer): OxlintOverride {
  const isTimed = layer.time !== 'free'
  const late = { group: [...mayImportLate], message: why, allowTypeImports: true }
  const allowed = new Set([...mayImport, ...mayImportLate])
  const closed = fenced.filter((fence) => !allowed.has(fence))
  // Only for a name inside a fence: what one group lets through passes the other groups, too.
  const open = mayImport.filter((name) => !fenced.includes(name)).map((name) => `!${name}`)
  const patterns = [
    { group: [...closed, ...open], message: why },
    ...(mayImportLate.length > 0 ? [late] : []),
    ...(isTimed ? [{ group: ['node:timers', 'node:timers/*'], message: TIME }] : []),
  ]
  const globals = [
    ...(isTimed ? timers : []),
    ...(layer.time === 'no' ? named(['fetch', 'console', 'crypto', 'performance'], PURE) : []),
    ...(layer.mayReadEnvironment ? [] : named(['process'], ENVIRONMENT)),
  ]
  const rules: Rules = {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-globals': globals.length > 0 ? ['error', ...globals] : 'off',
    'no-restricted-properties': isTimed ? ['error', ...properties] : 'off',
  }
  return { files: [...files], rules }
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'node', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  options: { typeAware: true },
  ignorePatterns: ['**/dist/**', 'coverage/**', 'fixtures/**'],
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-default-export': 'error',
    // One line a module: `import { y, type X }`; what is types only stays `import type`.
    'import/no-duplicates': ['error', { preferInline: true }],
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/only-throw-error': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    'max-params': ['error', { max: 3 }],
    'no-console': 'error',
    'vitest/valid-expect': ['error', { maxArgs: 2 }],
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'fc.assert', 'assert*'] }],
    // Order is the point of most loops here: pages, messages of one group, conditional writes.
    'no-await-in-loop': 'off',
    // Short names of small scopes (`ticket`, `now`) come back in inner ones; the compiler finds the mistakes.
    'no-shadow': 'off',
    // It does not see that a `switch` over a union is exhaustive; the compiler's noImplicitReturns does.
    'typescript/consistent-return': 'off',
  },
  overrides: [
    ...[...LAYERS, ...EXCEPTIONS].map(toOverride),
    {
      // Tests beside the sources look into their package, and may use the machine's clock to wait for a real socket.
      files: ['packages/*/src/**/*.test.ts'],
      rules: { 'no-restricted-imports': 'off', 'no-restricted-globals': 'off', 'no-restricted-properties': 'off' },
    },
    {
      // Tables of cases are long, and a test may take what it knows to be there.
      files: ['**/*.test.ts', '**/*.properties.ts'],
      rules: {
        'max-lines': 'off',
        'max-params': 'off',
        'typescript/no-non-null-assertion': 'off',
        'typescript/no-unsafe-type-assertion': 'off',
      },
    },
    {
      // The tools want it so.
      files: ['{oxlint,vitest,knip}.config.ts', '**/{planted,tsup}.config.ts'],
      rules: { 'import/no-default-export': 'off' },
    },
    {
      // Programs that talk to a terminal; the host of a function writes its log.
      files: ['scripts/**', 'packages/*/scripts/**', 'bench/**', 'packages/local-aws/src/executors/process-host.ts'],
      rules: { 'no-console': 'off' },
    },
  ],
})

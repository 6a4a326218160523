import { readdirSync } from 'node:fs'

// The import law as a table: which files may reach what. `oxlint.config.ts` makes the linter's rules from it, and
// `pnpm planted-faults` tries each row, what it forbids and what it allows.

/** The packages that are not on npm, by their folders. */
const OURS = readdirSync(new URL('../packages', import.meta.url))
  .filter((folder) => !['ticket-core', 'adapters'].includes(folder))
  .map((folder) => `@ticketing/${folder}`)

/** What no layer may import unless its row says so. Packages of others and `node:` are free everywhere but in the core. */
export const FENCED: readonly string[] = [
  'ticket-core',
  'ticket-core/*',
  'ticket-adapters',
  'ticket-adapters/*',
  ...OURS,
  ...OURS.map((name) => `${name}/**`),
  '@aws-sdk/*',
  '**/packages/**',
]
/** In the core: everything but its own files. */
const EVERYTHING: readonly string[] = ['*', '!./**', '!../**']

/** A set of files and what they may reach. A file takes the last row that it matches. */
export interface Layer {
  readonly files: readonly string[]
  /** What the linter says about an import that is not allowed. */
  readonly why: string
  readonly mayImport: readonly string[]
  /** As types, and by `import()` when it is needed. */
  readonly mayImportLate?: readonly string[]
  readonly fenced?: readonly string[]
  /** `port`: by the Clock port only, so that a virtual clock can move it. `no`: none, and no randomness or I/O either. */
  readonly time: 'no' | 'port' | 'free'
  /** Whether `process` may be used. */
  readonly mayReadEnvironment: boolean
}

const core: Layer = {
  files: ['packages/ticket-core/src/**/*.ts'],
  why: 'ticket-core depends on nothing; only signature.ts, callback-signature.ts and ticket-id.ts may use node:crypto and node:buffer.',
  mayImport: [],
  fenced: EVERYTHING,
  time: 'no',
  mayReadEnvironment: false,
}

const adapters: Layer = {
  files: ['packages/adapters/src/**/*.ts'],
  why: "An adapter knows ticket-core's entrance and its own vendor only.",
  mayImport: ['ticket-core', '@aws-sdk/*'],
  time: 'port',
  mayReadEnvironment: false,
}

/** Each vendor's folder, with the SDK that is its own. */
const VENDORS: Readonly<Record<string, readonly string[]>> = {
  sqs: ['@aws-sdk/client-sqs'],
  s3: ['@aws-sdk/client-s3'],
  'secrets-manager': ['@aws-sdk/client-secrets-manager'],
  trello: [],
  slack: [],
  teams: [],
}

const vendors = Object.entries(VENDORS).map(([vendor, sdk]): Layer => {
  const others = Object.keys(VENDORS).filter((other) => other !== vendor)
  return {
    files: [`packages/adapters/src/${vendor}/**/*.ts`],
    why: `The ${vendor} adapter knows ticket-core's entrance and its own vendor only.`,
    mayImport: ['ticket-core', ...sdk],
    fenced: [...FENCED, ...others.map((other) => `**/${other}/**`)],
    time: adapters.time,
    mayReadEnvironment: adapters.mayReadEnvironment,
  }
})

const line: Layer = {
  // `dead-letters` is what operators do: no function imports it, so it is a package of its own.
  files: ['packages/server/src/**/*.ts', 'packages/lambdas/src/**/*.ts', 'packages/dead-letters/src/**/*.ts'],
  why: 'The line knows ports only; adapters are put in at a composition root.',
  mayImport: ['ticket-core'],
  time: 'port',
  mayReadEnvironment: false,
}

const stack: Layer = {
  files: ['packages/stack/src/**/*.ts'],
  why: "The stack knows the AWS SDK, ticket-core's entrance, how clients of AWS are made and their errors read, and how to wait.",
  mayImport: ['ticket-core', 'ticket-adapters/aws', 'ticket-adapters/clock', '@aws-sdk/*'],
  time: 'port',
  mayReadEnvironment: false,
}

const localAws: Layer = {
  files: ['packages/local-aws/src/**/*.ts'],
  why: 'The embedded cloud knows nothing of tickets.',
  mayImport: ['@aws-sdk/*'],
  time: 'port',
  mayReadEnvironment: true,
}

const testbed: Layer = {
  files: ['packages/testbed/src/**/*.ts'],
  why: 'The testbed uses packages by their public entrances, and no command.',
  mayImport: [
    'ticket-core',
    'ticket-adapters',
    'ticket-adapters/*',
    '@ticketing/server',
    '@ticketing/lambdas',
    '@ticketing/lambdas/build',
    '@ticketing/stack',
    '@ticketing/local-aws',
    '@aws-sdk/*',
  ],
  time: 'port',
  mayReadEnvironment: true,
}

const cli: Layer = {
  files: ['packages/cli/src/**/*.ts'],
  why: 'The command uses packages by their public entrances; testbed and local-aws are not in a deployment: import() them.',
  mayImport: [
    'ticket-core',
    'ticket-adapters',
    'ticket-adapters/*',
    '@ticketing/server',
    '@ticketing/lambdas',
    '@ticketing/lambdas/build',
    '@ticketing/dead-letters',
    '@ticketing/stack',
    '@aws-sdk/*',
  ],
  mayImportLate: ['@ticketing/testbed', '@ticketing/local-aws'],
  time: 'port',
  mayReadEnvironment: true,
}

const tests: Layer = {
  files: ['test/**/*.ts'],
  why: 'Tests use public entrances.',
  mayImport: [
    'ticket-core',
    'ticket-adapters',
    'ticket-adapters/*',
    ...OURS,
    '@ticketing/lambdas/build',
    '@ticketing/testbed/egress',
    '@ticketing/testbed/vitest',
    '@aws-sdk/*',
  ],
  // Those of real processes have a real clock; `no test sleeps` is held by reading (CONTRIBUTING.md).
  time: 'free',
  mayReadEnvironment: true,
}

export const LAYERS: readonly Layer[] = [core, adapters, ...vendors, line, stack, localAws, testbed, cli, tests]

/** Files that may do more than their layer, each for the reason beside it. */
export const EXCEPTIONS: readonly Layer[] = [
  // HMAC and ids need a hash. Both are pure.
  {
    ...core,
    files: ['packages/ticket-core/src/{signature,callback-signature,ticket-id}.ts'],
    why: 'ticket-core depends on nothing but node:crypto and node:buffer here.',
    mayImport: ['node:crypto', 'node:buffer'],
  },
  // Composition roots: here adapters are put in and the environment is read.
  {
    ...line,
    files: [
      'packages/server/src/{lambda,start}.ts',
      'packages/lambdas/src/*.handler.ts',
      'packages/lambdas/src/compose-*.ts',
    ],
    why: 'Shipped code does not know the testbed, nor one root another.',
    mayImport: ['ticket-core', 'ticket-adapters', 'ticket-adapters/*', '@aws-sdk/*'],
    mayReadEnvironment: true,
  },
  // Runs at build time; names its temporary file by the process.
  { ...line, files: ['packages/lambdas/src/build/build-bundles.ts'], mayReadEnvironment: true },
  // The one place that loads the testbed, by import(), which the linter does not tell from an import.
  {
    ...cli,
    files: ['packages/cli/src/load.ts'],
    mayImport: [...cli.mayImport, '@ticketing/testbed'],
    mayImportLate: [],
  },
  // The root of the command: the time since the process began.
  { ...cli, files: ['packages/cli/src/main.ts'], time: 'free' },
  // The clocks themselves.
  { ...adapters, files: ['packages/adapters/src/clock/system-clock.ts'], time: 'free' },
  {
    ...localAws,
    files: ['packages/local-aws/src/{system,virtual}-clock.ts'],
    time: 'free',
  },
  // The host of a function's process: what Lambda's runtime is on AWS. The deadline is of the machine's clock.
  { ...localAws, files: ['packages/local-aws/src/executors/host-*.ts'], time: 'free' },
  // Helpers of that package's tests: a clock moved by hand lets promises run in between.
  { ...localAws, files: ['packages/local-aws/src/testing/**/*.ts'], time: 'free' },
  // These two take the machine's timers away from code that should not have them.
  {
    ...testbed,
    files: ['packages/testbed/src/processes/forbid-real-time.ts', 'packages/testbed/src/vitest/set-up-testbeds.ts'],
    time: 'free',
  },
]

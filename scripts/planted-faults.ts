import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { probeLayers } from './probe-layers.ts'

// A checker that finds nothing may be a checker that looks at nothing. Here each rule meets a fault it must catch.

const root = fileURLToPath(new URL('..', import.meta.url))

interface Fault {
  /** Where the fault is planted; removed again afterwards. */
  readonly file: string
  readonly source: string
  /** What the linter must call it. */
  readonly rule: string
}

const use = (name: string, from: string): string =>
  `import { ${name} } from '${from}'\nexport const planted: unknown = ${name}\n`

const faults: readonly Fault[] = [
  {
    file: 'packages/ticket-core/src/planted-1.ts',
    source: use('readFileSync', 'node:fs'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/ticket-core/src/planted-2.ts',
    source: use('createHash', 'node:crypto'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/ticket-core/src/planted-3.ts',
    source: 'export const planted: number = Date.now()\n',
    rule: 'no-restricted-properties',
  },
  {
    file: 'packages/adapters/src/trello/planted-4.ts',
    source: use('createSlackSink', '../slack/index.ts'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/adapters/src/slack/planted-5.ts',
    source: use('S3Client', '@aws-sdk/client-s3'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/adapters/src/s3/planted-6.ts',
    source: 'export const planted: unknown = process.env\n',
    rule: 'no-restricted-globals',
  },
  {
    file: 'packages/server/src/planted-7.ts',
    source: use('createTicketQueue', 'ticket-adapters/sqs'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/lambdas/src/planted-timers.ts',
    source: use('setTimeout', 'node:timers/promises'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/lambdas/src/planted-8.ts',
    source: use('SQSClient', '@aws-sdk/client-sqs'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/lambdas/src/planted.handler.ts',
    source: use('startTestbed', '@ticketing/testbed'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/local-aws/src/planted-10.ts',
    source: use('readTicketId', 'ticket-core'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/stack/src/planted-11.ts',
    source: use('createCloud', '@ticketing/local-aws'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/testbed/src/planted-12.ts',
    source: use('decide', '@ticketing/lambdas/src/decide/decide.ts'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/cli/src/planted-13.ts',
    source: use('startTestbed', '@ticketing/testbed'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'test/planted-14.ts',
    source: use('decide', '../packages/lambdas/src/decide/decide.ts'),
    rule: 'no-restricted-imports',
  },
  {
    file: 'packages/server/src/planted-15.ts',
    source: "export { planted as other } from './planted-16.ts'\nexport const planted = 1\n",
    rule: 'no-cycle',
  },
  {
    file: 'packages/server/src/planted-16.ts',
    source: "export { other as planted } from './planted-15.ts'\nexport const second = 1\n",
    rule: 'no-cycle',
  },
  {
    file: 'packages/server/src/planted-17.ts',
    source: 'export function planted(): void {\n  Promise.resolve(1)\n}\n',
    rule: 'no-floating-promises',
  },
  {
    file: 'packages/server/src/planted-18.ts',
    source: "export function planted(kind: 'a' | 'b'): void {\n  switch (kind) {\n    case 'a':\n  }\n}\n",
    rule: 'switch-exhaustiveness-check',
  },
  {
    file: 'packages/server/src/planted-19.ts',
    source: 'export const planted: unknown = setTimeout(() => {}, 1)\n',
    rule: 'no-restricted-globals',
  },
  {
    file: 'packages/server/src/planted-20.ts',
    source: `export const planted: number[] = [\n${'  1,\n'.repeat(260)}]\n`,
    rule: 'max-lines',
  },
]

/** Faults of the core that the compiler must refuse: nothing of the outside world has a type there. */
const impure = ['process.env', 'fetch', 'setTimeout', 'console', 'URL', 'performance']

async function run(args: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  child.once('error', reject)
  child.once('close', () => resolve(output))
  return promise
}

const missed: string[] = []
const core = 'packages/ticket-core/src/planted-impure.ts'
const probes = probeLayers()
const files = [...faults, ...probes]
let tried = faults.length + impure.length
try {
  for (const { file, source } of files) await writeFile(join(root, file), source)
  const output = await run([
    'node_modules/oxlint/bin/oxlint',
    '--type-aware',
    '--format=unix',
    ...files.map(({ file }) => file),
  ])
  const found = output.replaceAll('\\', '/').split('\n')
  for (const { file, rule } of faults) {
    const caught = found.some((each) => each.includes(file) && each.includes(rule))
    if (!caught) missed.push(`${file}: the linter did not report ${rule}`)
  }
  for (const { file, lines } of probes) {
    tried += lines.length
    for (const [index, { code, rule, isForbidden }] of lines.entries()) {
      const isReported = found.some((each) => each.includes(`${file}:${index + 1}:`) && each.includes(rule))
      if (isReported !== isForbidden)
        missed.push(`${file}: the linter ${isReported ? 'refused' : 'allowed'} ${code}, against scripts/layers.ts`)
    }
  }
  await writeFile(
    join(root, core),
    impure.map((name, index) => `export const planted${index}: unknown = ${name}\n`).join(''),
  )
  const refused = await run([
    'node_modules/typescript/bin/tsc',
    '-p',
    'packages/ticket-core',
    '--noEmit',
    '--pretty',
    'false',
  ])
  impure.forEach((name, index) => {
    if (!refused.includes(`planted-impure.ts(${index + 1},`))
      missed.push(`${core}: the compiler let ${name} into the core`)
  })
} finally {
  for (const file of [...files.map(({ file }) => file), core]) await rm(join(root, file), { force: true })
}
for (const line of missed) console.error(line)
console.log(`planted faults: ${tried - missed.length} of ${tried} as they must be`)
if (missed.length > 0) process.exitCode = 1

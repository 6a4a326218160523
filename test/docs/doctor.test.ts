import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { listChecks } from '@ticketing/cli'
import { expect, it } from 'vitest'
import { tableOf } from './table-of.ts'

const FILE = fileURLToPath(new URL('../../docs/doctor.md', import.meta.url))

const HEAD = `# Doctor

\`npx -y pnpm@12 ticketing doctor --aws\` looks at everything that a deployment needs. It changes nothing, makes no ticket, posts nothing, and shows no value of a secret. One line for each thing: \`ok\`; \`WRONG\`, with what to do below it; or \`-\` where nothing is known, because what comes before it is wrong. \`--json\` prints the same as one object. The exit status is 0 when nothing is wrong, 1 when something is, 2 for a mistake in the command line. \`--as server\`, run with the server's credentials, looks at the server's permissions in place of the operator's.

No check can hang (20 seconds each), and none hides another.

\`TICKETING_WRITE_DOCS=1 npx -y pnpm@12 test test/docs/doctor.test.ts\` makes this table from \`packages/cli/src/doctor/checks.ts\`.

`

const TAIL = `
[\`test/doctor\`](../test/doctor) plants more than 40 faults one by one. Each is found by name, and no check is red that must not be.

The functions' own logs are not read, and a flow of Workflows is not called: only a card that arrives shows that it works (\`ticketing send\`).
`

it('docs/doctor.md is the table of checks', () => {
  const rows = listChecks('operator').map(({ name, looksAt, why }) => [
    `\`${name.replaceAll(', ', '`, `')}\``,
    looksAt,
    why,
  ])
  const made = `${HEAD}${tableOf([['check', 'what it looks at', 'why'], ...rows])}\n${TAIL}`
  if (process.env['TICKETING_WRITE_DOCS'] === '1') writeFileSync(FILE, made)
  expect(readFileSync(FILE, 'utf8')).toBe(made)
})

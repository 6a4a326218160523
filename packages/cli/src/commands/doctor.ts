import { parseArgs } from 'node:util'
import { CliError } from '../cli-error.ts'
import { type Finding, runChecks } from '../doctor/check.ts'
import { isRole } from '../doctor/check-permissions.ts'
import { listChecks } from '../doctor/checks.ts'
import { createFacts } from '../doctor/facts.ts'
import { findTarget, hintFor, TARGET_HELP, TARGET_OPTIONS } from '../target.ts'
import { countOf } from '../text/layout.ts'
import { asciiJson, printableLine } from '../text/printable.ts'
import type { Command } from '../command.ts'

/** Looks at everything that a deployment needs, changes nothing, and says what is wrong. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'look whether all is well: secret, resources, Trello, Slack, the address; one line each',
  help: `ticketing doctor     looks at everything, changes nothing, makes no ticket and posts nothing; one line for each thing:
                     ok, WRONG with what to do, or - where nothing is known of it. docs/doctor.md has all checks
  --public-url URL   where Teams reaches the server (default: as for connect)
  --as ROLE          whose permissions to look at: operator (default) or server; run it with their credentials
  --json             the result as one JSON object
Exit code 0: nothing is wrong; 1: something is; 2: a mistake in the command line.${TARGET_HELP}`,
  async run(args, context) {
    const text = { type: 'string' } as const
    const options = { ...TARGET_OPTIONS, 'public-url': text, as: text, json: { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...args], options })
    const { as: role = 'operator' } = values
    if (!isRole(role)) throw new CliError(`--as: expected operator or server, got "${role}"`, 2)
    const target = await findTarget(values, context)
    const facts = createFacts({ target, context, hint: hintFor(values), publicUrl: values['public-url'] })
    const findings = await runChecks(listChecks(role), facts, context.clock)
    // Open sockets would keep the process alive, as a check that was given up does.
    for (const client of Object.values(facts.clients)) client.destroy()
    const wrong = findings.filter(({ status }) => status === 'wrong').length
    if (values.json) context.print(asciiJson({ healthy: wrong === 0, checks: findings }))
    else {
      for (const finding of findings) for (const line of describe(finding)) context.print(line)
      context.print(wrong === 0 ? 'nothing is wrong' : `${countOf(wrong, 'thing')} wrong`)
    }
    return wrong === 0 ? 0 : 1
  },
}

const WORDS = { ok: 'ok   ', wrong: 'WRONG', 'not-checked': '-    ' } as const

function describe({ name, status, text, fix }: Finding): readonly string[] {
  const line = `${WORDS[status]}  ${name}: ${printableLine(text)}`
  return fix === undefined ? [line] : [line, `         ${printableLine(fix)}`]
}

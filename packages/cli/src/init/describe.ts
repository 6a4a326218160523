import type { CommandContext } from '../command.ts'
import type { Hint } from '../target.ts'
import type { VendorFinding } from '../vendor-checks.ts'
import type { Address } from './address.ts'
import { secretNameOfFile } from './store.ts'
import { findProblems, type InitKey, isPlaceholder, KEYS, secretOf, type Values } from './keys.ts'

/** What `init` has done. */
export interface InitDone {
  readonly values: Values
  readonly address: Address
  readonly findings: readonly VendorFinding[]
  readonly written: readonly string[]
}

type State = 'set' | 'not set' | 'wrong form' | 'not yet'

/** Which keys are set, one a line; never a value. */
export function describeState(values: Values, allowHttp: boolean): readonly string[] {
  return KEYS.map((key) => {
    const state = stateOf(key, values, allowHttp)
    const note = state === 'not set' && key.isOptional ? ' (may be left out)' : ''
    return `  ${key.name.padEnd(WIDTH)}  ${state}${note}`
  })
}

const WIDTH = Math.max(...KEYS.map(({ name }) => name.length))

function stateOf({ name }: InitKey, values: Values, allowHttp: boolean): State {
  const value = values[name]
  if (value === undefined) return 'not set'
  if (isPlaceholder(value)) return 'not yet'
  const isWrong = findProblems(values, allowHttp).some(({ key, problem }) => key === name && problem === 'malformed')
  return isWrong ? 'wrong form' : 'set'
}

/** The result for programs. */
export function describeInit(
  { values, address, findings, written }: InitDone,
  { secretId, allowHttp }: { readonly secretId: string; readonly allowHttp: boolean },
): unknown {
  return {
    address: address.kind === 'known' ? address.url : null,
    keys: KEYS.map((key) => ({
      name: key.name,
      secret: secretOf(key, secretId),
      state: stateOf(key, values, allowHttp),
    })),
    checks: findings.map(({ name, kind, text }) => ({ name, result: kind, text })),
    written,
  }
}

/** What comes next, as commands to copy. */
export function printNext(
  { values, address, findings, written }: InitDone,
  {
    people,
    hint,
    to,
  }: {
    readonly people: CommandContext
    readonly hint: Hint
    readonly to: string | undefined
  },
): void {
  const print = (line: string): void => people.print(line)
  print('')
  for (const { name, kind, text } of findings)
    print(`  ${kind === 'no-answer' ? 'not checked' : kind}  ${name}: ${text}`)
  print(written.length === 0 ? 'Nothing had to be written: all is there.' : `Written: ${written.join(', ')}`)
  if (to !== undefined) {
    print('Give the folder to the administrator of the AWS account, who runs one of:')
    const take = hint(`init --from ${to} --yes --public-url ADDRESS`)
    print(`  ${take}${/ --(aws|endpoint)\b/.test(take) ? '' : ' --aws --region REGION'}`)
    for (const file of written)
      print(`  aws secretsmanager create-secret --name ${secretNameOfFile(file)} --secret-string file://${file}`)
    print('Then delete the folder: it holds the secrets in clear.')
    return
  }
  const isLambda = address.kind === 'lambda'
  const isBehindLambda = isPlaceholder(values['TEAMS_HMAC_SECRET'])
  print('Next:')
  const steps = [
    ['npx -y pnpm@12 bundle', 'builds the functions'],
    [hint(isLambda ? 'up --intake lambda' : 'up'), 'makes the resources'],
    ...(isLambda ? [] : [[hint('server'), 'serves (or: docker compose up -d --build --wait, which does up, too)']]),
    ...(isBehindLambda ? [[hint('init'), 'once more, with the address that up has printed']] : []),
    [hint('connect'), 'lets Trello and Slack call back'],
    [hint('doctor'), 'looks whether all is well'],
  ]
  const width = Math.max(...steps.map(([command = '']) => command.length))
  for (const [command = '', what = ''] of steps) print(`  ${command.padEnd(width)}  ${what}`)
}

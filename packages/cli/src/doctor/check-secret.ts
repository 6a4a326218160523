import { readSecret } from '@ticketing/stack'
import { intakeSecretId } from 'ticket-core'
import { findProblems, findKey, isPlaceholder, KEYS, secretOf, type InitKey, type Values } from '../init/keys.ts'
import { type Finding, ok, Unavailable, wrong } from './check.ts'
import type { Facts } from './facts.ts'

/** The secrets: whether they are there, and each key. */
export async function checkSecrets(facts: Facts): Promise<readonly Finding[]> {
  const { clients, secretId, hint, caller } = facts
  await caller()
  const [app, intake] = await Promise.all([secretId, intakeSecretId(secretId)].map((id) => readSecret(clients, id)))
  if (app?.ok === false) return [wrong('secret', app.failure.problem, app.failure.todo)]
  if (intake?.ok === false) return [wrong('secret', intake.failure.problem, intake.failure.todo)]
  if (!app?.value) {
    const text = `there is no secret ${secretId} in this account and region`
    return [wrong('secret', text, `Make it: ${hint('init')}; or name another one with TICKETING_SECRET_ID`)]
  }
  return [ok('secret', `${secretId} is there`), ...checkKeys(facts, app.value, intake?.value)]
}

type Raw = Readonly<Record<string, unknown>>

function checkKeys({ secretId, hint, allowHttp }: Facts, app: Raw, intake: Raw | undefined): readonly Finding[] {
  const values = asTexts({ ...app, ...intake })
  const problems = findProblems(values, allowHttp)
  return KEYS.map((key) => {
    const name = `secret ${key.name}`
    const fix = hint(`init --change ${key.name}`)
    const problem = problems.find((one) => one.key === key.name)
    if (problem?.problem === 'missing') return wrong(name, `missing; expected ${problem.expected}`, hint('init'))
    if (problem) return wrong(name, `not right; expected ${problem.expected}`, fix)
    if (isPlaceholder(values[key.name]))
      return wrong(
        name,
        'no webhook of Teams has been made yet',
        `Make it with the address that up printed: ${hint('init')}`,
      )
    if (values[key.name] === undefined) return ok(name, 'not set, and may be left out')
    return isShared(key, app) ? wrong(name, SHARED, moveFix(key, secretId)) : ok(name, 'set')
  })
}

const SHARED = 'it is in the secret that the functions read: who takes over a function can sign with it'

/** What intake verifies with belongs into its own secret alone. */
function isShared(key: InitKey, app: Raw): boolean {
  return key.secret === 'intake' && app[key.name] !== undefined && app[key.name] !== ''
}

function moveFix(key: InitKey, secretId: string): string {
  return `Keep it in ${secretOf(key, secretId)} alone, and take it out of ${secretId}`
}

/** As the secret's reader takes them: what is empty is not there, what is an object is its JSON. */
function asTexts(raw: Raw): Values {
  const entries = Object.entries(raw).filter(([name, value]) => findKey(name) && value !== null && value !== '')
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** The values of both secrets, for checks that need only a part of them. */
export async function readValues({ secrets }: Facts): Promise<Values> {
  const { app, intake } = await secrets()
  if (!app) throw new Unavailable('needs the secret')
  return asTexts({ ...app, ...intake })
}

import { different, updateOf } from '../compare.ts'
import type { DesiredFunction, EnvironmentValue } from '../desired/desired-stack.ts'
import type { Change, Difference } from '../resource.ts'
import type { ObservedFunction } from './observe-function.ts'

/** What has to change at a function. Fields are `code`, `architecture`, …, `environment NAME` and `tag NAME`. */
export function compareFunction(desired: DesiredFunction, observed: ObservedFunction | undefined): Change | undefined {
  const resource = { kind: 'function', name: desired.name } as const
  if (!observed) return { resource, action: 'create', differences: [] }
  const wanted = {
    code: desired.codeSha256,
    architecture: desired.architecture,
    runtime: desired.runtime,
    handler: desired.handler,
    role: desired.roleArn,
    timeout: String(desired.timeoutSeconds),
    memory: String(desired.memoryMegabytes),
    description: desired.description,
  }
  const differences = [
    ...Object.entries(wanted).flatMap(([field, to]) => different(field, observed.settings[field], to)),
    ...differentEnvironment(desired.environment, observed.environment),
  ]
  return updateOf({ resource, differences, wanted: desired.tags, found: observed.tags })
}

function differentEnvironment(
  desired: Readonly<Record<string, EnvironmentValue>>,
  observed: Readonly<Record<string, string>>,
): readonly Difference[] {
  const wrong = Object.entries(desired).flatMap(([name, value]) => {
    const field = `environment ${name}`
    const is = observed[name]
    if (typeof value === 'string') return different(field, is, value)
    return namesQueue(is, value.urlOfQueue) ? [] : different(field, is, `URL of queue ${value.urlOfQueue}`)
  })
  const tooMany = Object.keys(observed).filter((name) => !(name in desired))
  return [...wrong, ...tooMany.map((name) => ({ field: `environment ${name}`, from: '(set)', to: '(not set)' }))]
}

/** Emulators put the caller's host into a queue's URL, so two callers see two URLs: only the name is compared. */
function namesQueue(url: string | undefined, queueName: string): boolean {
  return url?.split('/').at(-1) === queueName
}

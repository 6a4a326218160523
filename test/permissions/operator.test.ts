import { operatorPolicy, type PolicyDocument } from '@ticketing/stack'
import { beforeAll, describe, expect, test } from 'vitest'
import { sampleOf } from '../support/sample.ts'
import { openAccount, SCOPE } from './account.ts'
import { TASKS, type Task } from './operate.ts'
import { takeEachAway } from './take-away.ts'

const whole = operatorPolicy(SCOPE)

interface DoneTask extends Task {
  /** The account as it begins. */
  readonly image: Uint8Array
  /** What the operator called in it. */
  readonly operations: ReadonlySet<string>
}

/** Does all tasks with the whole policy. */
async function doAll(): Promise<DoneTask[]> {
  const done: DoneTask[] = []
  let last: Uint8Array | undefined
  for (const task of TASKS) {
    await using account = await openAccount(last)
    await task.before?.(account.root)
    const image = account.image()
    await task.run(await account.clientsFor(whole), account)
    last = account.image()
    done.push({ ...task, image, operations: account.operations })
  }
  return done
}

/** Does one task with this policy. Resolves with what failed, or with nothing. */
async function doWith(policy: PolicyDocument, { image, run }: DoneTask): Promise<Error | undefined> {
  await using account = await openAccount(image)
  const clients = await account.clientsFor(policy)
  return await run(clients, account).then(
    () => undefined,
    (error: Error) => error,
  )
}

/** What is called by another name than that of its action. Only a hint: a test looks everywhere in the end. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'iam:PassRole': 'CreateFunction',
  's3:DeleteObject': 'DeleteObjects',
  's3:DeleteObjectVersion': 'ListObjectVersions',
  's3:GetBucketPublicAccessBlock': 'GetPublicAccessBlock',
  's3:GetEncryptionConfiguration': 'GetBucketEncryption',
  's3:ListBucket': 'ListObjectsV2',
  's3:ListBucketVersions': 'ListObjectVersions',
  's3:PutBucketPublicAccessBlock': 'PutPublicAccessBlock',
  's3:PutEncryptionConfiguration': 'PutBucketEncryption',
  'sqs:SendMessage': 'SendMessageBatch',
}

function operationOf(action: string): string {
  return OPERATIONS[action] ?? action.split(':')[1] ?? ''
}

// Some of the time goes with waiting: several accounts at once.
describe.concurrent('an operator', () => {
  let done: readonly DoneTask[] = []
  beforeAll(async () => {
    done = await doAll()
  })

  test('needs no more than the operator policy', () => {
    expect(done.map(({ name }) => name)).toEqual(TASKS.map(({ name }) => name))
  })

  // Each action and each resource; each action on each resource (`byPair`) holds as well, and takes half as long again.
  test.each(sampleOf(takeEachAway(whole), 10))('cannot do without $without', async ({ policy, actions }) => {
    // Where it is called is looked first.
    const isCalled = ({ operations }: DoneTask): boolean =>
      actions.some((action) => operations.has(operationOf(action)))
    const inOrder = [...done.filter(isCalled), ...done.filter((task) => !isCalled(task))]
    let failure: Error | undefined
    for (const task of inOrder) failure ??= await doWith(policy, task)
    expect(failure?.message ?? 'nothing went wrong').toMatch(/not authorized|expected that|may not/)
  })
})

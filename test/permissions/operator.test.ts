import { operatorPolicy, type PolicyDocument } from '@ticketing/stack'
import { beforeAll, describe, expect, test } from 'vitest'
import { openAccount, SCOPE } from './account.ts'
import { YEAR, type Chapter } from './operate.ts'
import { takeEachAway } from './take-away.ts'

const whole = operatorPolicy(SCOPE)

interface Lived extends Chapter {
  /** The account as it begins. */
  readonly image: Uint8Array
  /** What the operator called in it. */
  readonly operations: ReadonlySet<string>
}

/** Lives the year with the whole policy. */
async function liveThrough(): Promise<Lived[]> {
  const lived: Lived[] = []
  let last: Uint8Array | undefined
  for (const chapter of YEAR) {
    await using account = await openAccount(last)
    await chapter.before?.(account.root)
    const image = account.image()
    await chapter.live(await account.clientsFor(whole), account)
    last = account.image()
    lived.push({ ...chapter, image, operations: account.operations })
  }
  return lived
}

/** What goes wrong in that part of the year with this policy: nothing, if it goes as it should. */
async function liveWith(policy: PolicyDocument, { image, live }: Lived): Promise<Error | undefined> {
  await using account = await openAccount(image)
  const clients = await account.clientsFor(policy)
  return await live(clients, account).then(
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
  let year: readonly Lived[] = []
  beforeAll(async () => {
    year = await liveThrough()
  })

  test('needs no more than the operator policy', () => {
    expect(year.map(({ name }) => name)).toEqual(YEAR.map(({ name }) => name))
  })

  // Each action and each resource; each action on each resource (`byPair`) holds as well, and takes half as long again.
  test.each(takeEachAway(whole))('cannot do without $without', async ({ policy, actions }) => {
    // Where it is called is looked first.
    const isCalled = ({ operations }: Lived): boolean => actions.some((action) => operations.has(operationOf(action)))
    const inOrder = [...year.filter(isCalled), ...year.filter((chapter) => !isCalled(chapter))]
    let failure: Error | undefined
    for (const chapter of inOrder) failure ??= await liveWith(policy, chapter)
    expect(failure?.message ?? 'nothing went wrong').toMatch(/not authorized|expected that|may not/)
  })
})

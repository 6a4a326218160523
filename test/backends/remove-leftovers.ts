import { ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam'
import { ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import type { StackClients } from '@ticketing/stack'
import { takeDown } from '@ticketing/testbed'
import { systemClock } from 'ticket-adapters/clock'
import { readName, secretOf } from './names.ts'

/** A run that takes longer than this is none: what it made is left over. */
const LONGEST_RUN = 60 * 60_000

/** Stacks of runs that were killed: begun more than an hour before `now`. Their prefixes. */
export async function removeLeftovers(clients: StackClients, now: number): Promise<string[]> {
  return removeStacks(clients, ({ startedAt }) => now - startedAt > LONGEST_RUN)
}

/** Whatever there is of one run. */
export async function removeRun(clients: StackClients, name: string): Promise<string[]> {
  return removeStacks(clients, ({ run }) => run === name)
}

async function removeStacks(
  clients: StackClients,
  isWanted: (name: { run: string; startedAt: number }) => boolean,
): Promise<string[]> {
  const names = await listNames(clients)
  const found = names.flatMap((name) => readName(name) ?? []).filter(isWanted)
  const prefixes = [...new Set(found.map(({ prefix }) => prefix))]
  const removed: string[] = []
  for (const prefix of prefixes) {
    const count = await takeDown({ clients, clock: systemClock, prefix, secretId: secretOf(prefix) })
    if (count > 0 || names.includes(secretOf(prefix))) removed.push(prefix)
  }
  return removed
}

/** Names of everything that a stack is made of; who made it is judged by its tags, when it is removed. */
export async function listNames({ sqs, lambda, s3, iam, secretsManager }: StackClients): Promise<string[]> {
  const lists = await Promise.all([
    all(async (NextToken) => {
      const page = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'test-', MaxResults: 1000, NextToken }))
      return { names: (page.QueueUrls ?? []).map((url) => url.split('/').at(-1)), next: page.NextToken }
    }),
    all(async (Marker) => {
      const page = await lambda.send(new ListFunctionsCommand({ Marker }))
      return { names: (page.Functions ?? []).map((one) => one.FunctionName), next: page.NextMarker }
    }),
    all(async (ContinuationToken) => {
      const page = await s3.send(new ListBucketsCommand({ Prefix: 'test-', ContinuationToken }))
      return { names: (page.Buckets ?? []).map((one) => one.Name), next: page.ContinuationToken }
    }),
    all(async (Marker) => {
      const page = await iam.send(new ListRolesCommand({ Marker }))
      return { names: (page.Roles ?? []).map((one) => one.RoleName), next: page.Marker }
    }),
    all(async (Marker) => {
      const page = await iam.send(new ListPoliciesCommand({ Scope: 'Local', Marker }))
      return { names: (page.Policies ?? []).map((one) => one.PolicyName), next: page.Marker }
    }),
    all(async (NextToken) => {
      const page = await secretsManager.send(new ListSecretsCommand({ NextToken }))
      return { names: (page.SecretList ?? []).map((one) => one.Name), next: page.NextToken }
    }),
  ])
  return lists.flat()
}

async function all(
  list: (
    from: string | undefined,
  ) => Promise<{ readonly names: readonly (string | undefined)[]; readonly next: string | undefined }>,
): Promise<string[]> {
  const names: string[] = []
  let from: string | undefined
  do {
    const page = await list(from)
    names.push(...page.names.flatMap((name) => name ?? []))
    from = page.next || undefined
  } while (from !== undefined)
  return names
}

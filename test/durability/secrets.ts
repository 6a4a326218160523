import { CreateSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { createChains } from './chains.ts'
import { startTally, type Subject } from './subject.ts'

/** Each worker has one secret, made by its first step and given new values by the others. */
export function createSecrets(): Subject {
  const writes = startTally('secrets written')
  const chains = createChains(writes)
  const made = new Set<string>()
  return {
    tallies: [writes],
    setUp: () => Promise.resolve(),
    steps: {
      secret: ({ secrets }, worker) =>
        chains.extend(`secret-${worker}`, async (name, SecretString) => {
          if (made.has(name)) await secrets.send(new PutSecretValueCommand({ SecretId: name, SecretString }))
          else await secrets.send(new CreateSecretCommand({ Name: name, SecretString }))
          made.add(name)
        }),
    },
    check: ({ secrets }) =>
      chains.check(async (name) => {
        try {
          const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: name }))
          made.add(name)
          return SecretString
        } catch (error) {
          if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
          throw error
        }
      }),
  }
}

import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SQSClient } from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { onTestFinished } from 'vitest'
import { createLocalAws, type LocalAws } from '../create-local-aws.ts'
import type { Executor } from '../executors/executor.ts'
import type { Cloud } from '../http.ts'
import { createManualClock } from './manual-clock.ts'

interface Clients {
  readonly sqs: SQSClient
  readonly s3: S3Client
  readonly secrets: SecretsManagerClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly lambda: LambdaClient
}

export interface GuardedAccount {
  readonly cloud: Cloud
  readonly operations: LocalAws['operations']
  /** The account's root. */
  readonly root: Clients
  /** The session `me` of a new role `worker`, which may do what these statements say. */
  as(statements: readonly object[], session?: { readonly policy?: object; readonly trust?: object }): Promise<Clients>
}

/** Every principal of the account may assume the role, if its own policies allow it. */
const TRUST_ACCOUNT = { Effect: 'Allow', Principal: { AWS: '000000000000' }, Action: 'sts:AssumeRole' }

/** 2026-11-24T10:00:00Z */
const START = 1_795_514_400_000

/** Every service with its policies enforced, in memory; its functions answer `null`. Ends with the test. */
export function startGuardedAccount(): GuardedAccount {
  const clock = createManualClock(START)
  const aws = createLocalAws({ clock, makeExecutor: answerNull })
  const { cloud, requestHandler } = aws
  onTestFinished(() => aws.close())

  const clientsOf = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }): Clients => {
    const endpoint = 'http://cloud.test:4566'
    const settings = { region: 'us-east-1', endpoint, credentials, requestHandler, maxAttempts: 1 }
    return {
      sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
      secrets: new SecretsManagerClient(settings),
      iam: new IAMClient(settings),
      sts: new STSClient(settings),
      lambda: new LambdaClient(settings),
    }
  }
  const root = clientsOf({ accessKeyId: 'test', secretAccessKey: 'test' })

  return {
    cloud,
    operations: aws.operations,
    root,
    async as(statements, { policy, trust = TRUST_ACCOUNT } = {}) {
      const RoleName = 'worker'
      await root.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentOf([trust]) }))
      if (statements.length > 0) {
        const PolicyDocument = documentOf(statements)
        await root.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }))
      }
      const { Credentials: found } = await root.sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::000000000000:role/${RoleName}`,
          RoleSessionName: 'me',
          ...(policy && { Policy: documentOf([policy]) }),
        }),
      )
      return clientsOf({
        accessKeyId: found?.AccessKeyId ?? '',
        secretAccessKey: found?.SecretAccessKey ?? '',
        sessionToken: found?.SessionToken ?? '',
      })
    },
  }
}

function answerNull(): Executor {
  return {
    invoke: async () => ({ ok: true, payload: 'null', durationMs: 1, coldStart: false }),
    retire: () => undefined,
    close: async () => undefined,
  }
}

/** A policy document of these statements. */
export function documentOf(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

import type { StackNames } from 'ticket-core'
import type { PolicyDocument } from '../policy/policy-document.ts'
import type { Tags } from './tags.ts'

/** Attribute names and texts as SQS takes them. */
export interface DesiredQueue {
  readonly name: string
  readonly arn: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Tags
}

export interface DesiredBucket {
  readonly name: string
  readonly arn: string
  /** SSE-S3: encrypted with keys of S3's own. */
  readonly encryption: 'AES256'
  readonly policy: PolicyDocument
  readonly tags: Tags
}

/** The permissions boundary of the stack's roles: a managed policy of the account. */
export interface DesiredBoundary {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly document: PolicyDocument
  /** The command that prints the document, for an administrator. */
  readonly printedBy: string
  readonly tags: Tags
}

export interface DesiredRole {
  readonly name: string
  readonly arn: string
  /** ARN of its permissions boundary. */
  readonly boundary: string
  readonly description: string
  /** The trust policy: who may assume the role. */
  readonly trust: PolicyDocument
  /** Inline, so that it is deleted with its role. */
  readonly policy: PolicyDocument
  readonly policyName: string
  readonly tags: Tags
}

/** A text, or the URL of a queue, which is known only when the queue exists (each emulator has its own form). */
export type EnvironmentValue = string | { readonly urlOfQueue: string }

export interface DesiredFunction {
  readonly name: string
  readonly arn: string
  readonly roleName: string
  readonly roleArn: string
  readonly description: string
  readonly runtime: 'nodejs24.x'
  readonly architecture: 'arm64'
  readonly handler: string
  readonly timeoutSeconds: number
  /** Executions that only this function uses, and the most that it uses; `none`: as many as the account has. Absent: left as it is. */
  readonly reservedConcurrency?: number | 'none'
  readonly memoryMegabytes: number
  readonly environment: Readonly<Record<string, EnvironmentValue>>
  readonly zip: Uint8Array
  /** SHA-256 of the zip, base64, as Lambda reports it. */
  readonly codeSha256: string
  readonly tags: Tags
}

export interface DesiredMapping {
  /** `queue -> function`, for people. */
  readonly name: string
  readonly functionName: string
  readonly functionArn: string
  readonly queueName: string
  readonly queueArn: string
  readonly batchSize: number
  readonly maximumConcurrency: number
  readonly tags: Tags
}

/** One statement of a function's own policy. */
export interface DesiredPermission {
  readonly sid: string
  /** What differs, in a plan: `permission to call the URL`. */
  readonly field: string
  readonly action: 'lambda:InvokeFunctionUrl' | 'lambda:InvokeFunction'
  readonly principal: '*' | 'events.amazonaws.com'
  /** Callers of the URL, with this authentication. */
  readonly functionUrlAuthType?: 'NONE'
  readonly invokedViaFunctionUrl?: true
  /** ARN of what may invoke it. */
  readonly sourceArn?: string
}

/** A function's address on the internet. Lambda makes it up. */
export interface DesiredUrl {
  /** Of the function: it has one URL. */
  readonly name: string
  readonly functionArn: string
  /** NONE: callers sign nothing that AWS knows; the function verifies each request itself. */
  readonly authType: 'NONE'
  readonly permissions: readonly DesiredPermission[]
  readonly tags: Tags
}

/** A rule that invokes a function again and again. */
export interface DesiredSchedule {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly expression: string
  readonly functionName: string
  readonly functionArn: string
  readonly targetId: string
  readonly permission: DesiredPermission
  readonly tags: Tags
}

/** Everything that should exist for one prefix in one account and region: pure data. */
export interface DesiredStack {
  readonly prefix: string
  readonly region: string
  readonly accountId: string
  readonly names: StackNames
  readonly queues: readonly DesiredQueue[]
  readonly bucket: DesiredBucket
  readonly boundary: DesiredBoundary
  readonly roles: readonly DesiredRole[]
  readonly functions: readonly DesiredFunction[]
  readonly mappings: readonly DesiredMapping[]
  readonly urls: readonly DesiredUrl[]
  readonly schedules: readonly DesiredSchedule[]
  /** Whether line 1 is a function: `no`: what is there of one is removed; `any`: it is left as it is. */
  readonly intakeFunction: 'yes' | 'no' | 'any'
}

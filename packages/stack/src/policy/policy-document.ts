/** One statement of a policy, with only the members that this stack uses. */
export interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | { readonly Service: string }
  readonly Action: readonly string[]
  readonly Resource?: readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** A policy as IAM, SQS and S3 take it, before it is turned into JSON. */
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

/** A policy of these statements. */
export function policyOf(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements }
}

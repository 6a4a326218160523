import type { GetUserCommandInput } from '@aws-sdk/client-iam'
import { type Call, AwsError } from '../../service.ts'
import { validationError } from './iam-errors.ts'

// There are no IAM users: the caller is the account's root or a session of a role.

export function getUser(_context: unknown, input: GetUserCommandInput, { caller }: Call): object {
  if (input.UserName !== undefined) {
    throw new AwsError('NoSuchEntityException', `The user with name ${input.UserName} cannot be found.`)
  }
  if (caller.roleName !== undefined)
    throw validationError('Must specify userName when calling with non-User credentials')
  return { User: { Path: '/', UserName: '', UserId: caller.accountId, Arn: caller.arn, CreateDate: new Date(0) } }
}

export function listUsers(_context: unknown): object {
  return { Users: [], IsTruncated: false }
}

import type {
  CreatePolicyCommandInput,
  DeletePolicyCommandInput,
  GetPolicyCommandInput,
  ListPoliciesCommandInput,
} from '@aws-sdk/client-iam'
import { pickCharacters, UPPER_AND_DIGITS } from '../../random.ts'
import { type Call, AwsError } from '../../service.ts'
import { numberOf } from '../../sql.ts'
import { checkName, checkPath } from './check-parameters.ts'
import { checkManagedDocument } from './check-policy-document.ts'
import type { IamContext } from './iam-context.ts'
import { deleteConflict } from './iam-errors.ts'
import { pageOf } from './page-results.ts'
import { allPolicies, checkArn, describePolicy, findManagedPolicy, requirePolicy } from './policy-record.ts'
import { dropTags, readTags, writeTags } from './tags.ts'

// Customer managed policies: create, read, delete; AWS's own are listed with them.

export function createPolicy({ sql, clock, random }: IamContext, input: CreatePolicyCommandInput, call: Call): object {
  const account = call.caller.accountId
  const name = checkName('policyName', input.PolicyName, 128)
  const path = checkPath(input.Path)
  const document = checkManagedDocument(input.PolicyDocument)
  const arn = `arn:aws:iam::${account}:policy${path}${name}`
  const now = clock.now()
  return sql.atomically(() => {
    if (sql.one('SELECT 1 FROM iam_policies WHERE account = ? AND name = ?', account, name)) {
      throw new AwsError(
        'EntityAlreadyExistsException',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
      )
    }
    sql.run(
      'INSERT INTO iam_policies (arn, account, name, path, id, description, created, updated, last_version, default_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1)',
      arn,
      account,
      name,
      path,
      `ANPA${pickCharacters(random, UPPER_AND_DIGITS, 17)}`,
      input.Description ?? null,
      now,
      now,
    )
    sql.run('INSERT INTO iam_policy_versions (arn, version, document, created) VALUES (?, 1, ?, ?)', arn, document, now)
    writeTags(sql, arn, input.Tags)
    const tags = readTags(sql, arn)
    return { Policy: { ...describePolicy(requirePolicy(sql, arn)), ...(tags.length > 0 && { Tags: tags }) } }
  })
}

export function getPolicy({ sql }: IamContext, input: GetPolicyCommandInput): object {
  const policy = findManagedPolicy(sql, checkArn(input.PolicyArn)) ?? requirePolicy(sql, input.PolicyArn)
  return {
    Policy: {
      ...describePolicy(policy),
      ...(policy.description !== undefined && { Description: policy.description }),
      Tags: readTags(sql, policy.arn),
    },
  }
}

export function listPolicies({ sql }: IamContext, input: ListPoliciesCommandInput, call: Call): object {
  const policies = allPolicies(sql, call.caller.accountId).filter((policy) => {
    const isAws = policy.arn.startsWith('arn:aws:iam::aws:')
    if (input.Scope === 'AWS' && !isAws) return false
    if (input.Scope === 'Local' && isAws) return false
    if (input.OnlyAttached && policy.attachments === 0) return false
    return policy.path.startsWith(input.PathPrefix ?? '/')
  })
  const { items, ...rest } = pageOf(policies, input, (policy) => policy.arn)
  return { Policies: items.map((policy) => describePolicy(policy)), ...rest }
}

export function deletePolicy({ sql }: IamContext, input: DeletePolicyCommandInput): object {
  const policy = requirePolicy(sql, input.PolicyArn)
  return sql.atomically(() => {
    if (policy.attachments + policy.bounds > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
    const versions = sql.one('SELECT count(*) AS count FROM iam_policy_versions WHERE arn = ?', policy.arn)
    if (versions && numberOf(versions, 'count') > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      )
    }
    sql.run('DELETE FROM iam_policies WHERE arn = ?', policy.arn)
    dropTags(sql, policy.arn)
    return {}
  })
}

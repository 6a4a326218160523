import { expect, it } from 'vitest'
import { codeOf, description } from '../../test/start-account.ts'
import { describeStack } from '../desired/describe-stack.ts'
import { cloudFormationTemplate } from './cloudformation.ts'
import { terraformConfiguration } from './terraform.ts'

const stack = describeStack(description({ intake: { code: codeOf('intake') } }))
const WORDS = { cloudformation: cloudFormationTemplate(stack), terraform: terraformConfiguration(stack) }

/** Every text of a document, with what Terraform must not fill in written as it is. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

it.each(Object.entries(WORDS))('%s has every resource of the stack, by its name', (_, document) => {
  const texts = new Set(textsOf(document))
  const { queues, bucket, boundary, roles, functions, schedules } = stack
  for (const { name } of [...queues, bucket, boundary, ...roles, ...functions, ...schedules])
    expect(texts, name).toContain(name)
})

it.each(Object.entries(WORDS))('%s has every policy, as it is applied', (_, document) => {
  const policies = [
    stack.bucket.policy,
    stack.boundary.document,
    ...stack.roles.flatMap(({ trust, policy }) => [trust, policy]),
    ...stack.queues.map(({ attributes }): unknown => JSON.parse(attributes['Policy'] ?? '')),
  ]
  const found = new Set(documentsOf(document).map((each) => JSON.stringify(each)))
  for (const policy of policies) expect(found).toContain(JSON.stringify(policy))
})

it.each(Object.entries(WORDS))('%s has every tag, so that plan finds nothing to change', (_, document) => {
  const texts = new Set(textsOf(document))
  const tagged = [
    stack.bucket,
    ...stack.queues,
    ...stack.roles,
    ...stack.functions,
    ...stack.mappings,
    ...stack.schedules,
  ]
  for (const { tags } of tagged) expect(texts).toContain(tags['made-from'])
})

it('CloudFormation names a queue by its URL where a function needs it, and keeps what holds tickets', () => {
  const resources = Object(WORDS.cloudformation['Resources'])
  expect(resources.LPFunction.Properties.Environment.Variables).toMatchObject({
    TICKETING_QUEUE_URL: { Ref: 'LPQueue' },
    TICKETING_DLQ_URL: { Ref: 'DLQQueue' },
  })
  expect(resources.LPFunction.Properties.Code).toEqual({
    S3Bucket: { Ref: 'CodeBucket' },
    S3Key: { 'Fn::Sub': '${CodeFolder}low.zip' },
  })
  const kept = Object.values<{ Type: string; DeletionPolicy?: string }>(resources)
    .filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')
    .map(({ Type }) => Type)
  expect(new Set(kept)).toEqual(new Set(['AWS::SQS::Queue', 'AWS::S3::Bucket']))
})

it('without line 1 as a function there is no address and no schedule', () => {
  const server = describeStack(description({ intake: 'none' }))
  for (const document of [cloudFormationTemplate(server), terraformConfiguration(server)])
    expect(JSON.stringify(document)).not.toMatch(
      /AWS::Lambda::Url|AWS::Events::Rule|aws_lambda_function_url|aws_cloudwatch/,
    )
})

/** Policies as objects, or as JSON in a text. */
function documentsOf(value: unknown): unknown[] {
  if (typeof value === 'string') return value.startsWith('{"Version"') ? [JSON.parse(value)] : []
  if (typeof value !== 'object' || value === null) return []
  return 'Version' in value ? [value] : Object.values(value).flatMap(documentsOf)
}

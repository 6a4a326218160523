import { parseArgs } from 'node:util'
import { secretIdRule } from 'ticket-core'
import {
  boundaryPolicy,
  operatorPolicy,
  serverPolicy,
  setupPolicy,
  type PolicyDocument,
  type PolicyScope,
} from '@ticketing/stack'
import { CliError } from '../cli-error.ts'
import { PREFIX_RULE } from '../prefix-rule.ts'
import type { Command } from '../command.ts'

const POLICIES: Readonly<Record<string, (scope: PolicyScope) => PolicyDocument>> = {
  boundary: boundaryPolicy,
  operator: operatorPolicy,
  server: serverPolicy,
  setup: setupPolicy,
}

const NEEDED = {
  prefix: PREFIX_RULE,
  account: { expected: "the account's number, 12 digits", form: /^\d{12}$/ },
  region: { expected: 'a region such as eu-central-1', form: /^[a-z]{2,}(-[a-z]+)+-\d+$/ },
} as const

/** Prints the IAM policies that an administrator of the AWS account creates. */
export const policy: Command = {
  name: 'policy',
  summary: 'print an IAM policy: of the operator, of the server, of setup, or the boundary of the functions',
  help: `ticketing policy NAME --prefix P --account N --region R     does not call AWS; an administrator of the account creates the policy
  boundary    the most that the functions may ever do; made once: aws iam create-policy --policy-name P-Boundary
  operator    for people who run up, down, status, send, tickets, dead-letters and doctor
  server      for the server: it only serves
  setup       for the person who runs init: it writes the two secrets
  --prefix P      PREFIX of the secret
  --account N     the AWS account
  --region R      where the stack is
  --bucket NAME   BUCKET of the secret, where it has one
  --secret-id ID  name or ARN of the secret (default: TICKETING_SECRET_ID, else ticketing-app)
  --format json   the form, and the only one: AWS takes no other`,
  async run(args, context) {
    const text = { type: 'string' } as const
    const options = {
      prefix: text,
      account: text,
      region: text,
      bucket: text,
      'secret-id': text,
      format: text,
    } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [name = '', ...more] = positionals
    const describe = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined
    if (!describe || more.length > 0)
      throw new CliError(`name one policy: ${Object.keys(POLICIES).join(', ')}; ticketing policy --help says more`, 2)
    if (values.format !== undefined && values.format !== 'json')
      throw new CliError(`--format: expected json, got "${values.format}"`, 2)
    const scope = {
      prefix: read('prefix', values.prefix),
      accountId: read('account', values.account),
      region: read('region', values.region),
      bucket: values.bucket,
      secretId: values['secret-id'] || context.env['TICKETING_SECRET_ID'] || secretIdRule.fallback,
    }
    context.print(JSON.stringify(describe(scope), null, 2))
    return 0
  },
}

function read(name: keyof typeof NEEDED, value = ''): string {
  const { expected, form } = NEEDED[name]
  if (form.test(value)) return value
  if (value === '') throw new CliError(`--${name} is missing: it must be ${expected}`, 2)
  throw new CliError(`--${name} is "${value}": it must be ${expected}`, 2)
}

import { expect, it } from 'vitest'
import { SECRET, TOKEN, startStackCloud } from './stack-cloud.ts'

it.each(['cloudformation', 'terraform'])('template --format %s prints the stack, without a secret', async (format) => {
  const { run, calls } = await startStackCloud()
  const { code, said } = await run(`template --format ${format} --intake lambda`)
  expect(code).toBe(0)
  const text = said.join('\n')
  expect(JSON.parse(text)).toBeTypeOf('object')
  const { PREFIX: prefix, TRELLO_LIST_NAME: _list, ...values } = SECRET
  expect(text).toContain(`"${prefix}-IN-Sweep"`)
  for (const value of [...Object.values(values), TOKEN]) expect(text).not.toContain(value)
  expect(calls.filter((call) => !/:(Get|List|Head|Describe)/.test(call))).toEqual([])
})

it('template names the formats that it knows', async () => {
  const { run } = await startStackCloud()
  const wrong = await run('template --format pulumi')
  expect(wrong).toMatchObject({ code: 2 })
  expect(wrong.output).toContain('--format: expected cloudformation or terraform, got "pulumi"')
  expect(await run('template')).toMatchObject({ code: 2 })
})

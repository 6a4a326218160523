import { PassThrough } from 'node:stream'
import { afterEach, expect, test, vi } from 'vitest'
import { openPrompt } from './prompt.ts'

afterEach(() => void vi.unstubAllEnvs())

const TERMINALS = ['xterm-256color', 'dumb']

function open() {
  const input = new PassThrough()
  const output = new PassThrough({ encoding: 'utf8' })
  const prompt = openPrompt(input, output)
  return { prompt, type: (keys: string) => void input.write(keys), shown: (): string => String(output.read() ?? '') }
}

test.each(TERMINALS)('a question shows what is typed, and takes the line without blanks around it', async (name) => {
  vi.stubEnv('TERM', name)
  const { prompt, type, shown } = open()
  const answer = prompt.ask({ text: 'PREFIX:' })
  type(' acnx\u007Fe\r')
  expect(await answer).toBe('acne')
  expect(shown()).toMatch(/^PREFIX: [^]*acn/)
})

test.each(TERMINALS)('of a secret nothing is shown, and no later key brings it back', async (name) => {
  vi.stubEnv('TERM', name)
  const { prompt, type, shown } = open()
  const secret = prompt.ask({ text: 'Token:', isHidden: true })
  type('hush-\u007F-hush\r')
  expect(await secret).toBe('hush-hush')
  const next = prompt.ask({ text: 'List:' })
  // Up, twice: there is no history.
  type('\u001B[A\u001B[Ato do\r')
  expect(await next).toBe('to do')
  const all = shown()
  expect(all).toContain('Token: \n')
  expect(all).not.toMatch(/hush|\*/)
})

test('what was typed or pasted ahead answers the next questions, and is not shown', async () => {
  const { prompt, type, shown } = open()
  type('first\r')
  expect(await prompt.ask({ text: 'One?' })).toBe('first')
  const second = prompt.ask({ text: 'Two?' })
  type('second\rthird-secret\r')
  expect(await second).toBe('second')
  expect(await prompt.ask({ text: 'Three?', isHidden: true })).toBe('third-secret')
  expect(shown()).not.toContain('third-secret')
})

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s ends the input, for this question and all others', async (_name, key) => {
  const { prompt, type } = open()
  const answer = prompt.ask({ text: 'Token:', isHidden: true })
  type(key)
  expect(await answer).toBeUndefined()
  expect(await prompt.ask({ text: 'Again?' })).toBeUndefined()
})

import { mkdir, readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildLetter, buildTicket } from '../support/records.ts'
import { type DeadLetterCloud, buildUnreadable, startDeadLetterCloud } from './dead-letter-cloud.ts'
import { makeFolder } from './start-command.ts'

/** Characters that SQS accepts and a careless copy changes. */
const BODY = '\uFEFF{"half": \r\n\r\t "\u0085\u2028\u202E\u200D\uFFFD😀 ZoÃ« \u00A0'
const UNREADABLE = 'unreadable-aaaaaaaaaaaaaaaa'

let cloud: DeadLetterCloud
let folder: Awaited<ReturnType<typeof makeFolder>>
beforeEach(async () => {
  cloud = await startDeadLetterCloud()
  folder = await makeFolder()
})
afterEach(async () => {
  await cloud[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})
const run = (words: string): ReturnType<DeadLetterCloud['run']> => cloud.run(words, { cwd: folder.path })
const parseLines = (text: string): unknown[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line))

it('prints the waiting letters, whole, one a line in ASCII', async () => {
  const collision = buildLetter(2, { key: 'collision-0123456789abcdef', kind: 'collision' })
  const letters = [buildLetter(1), collision, buildUnreadable('a', BODY)]
  await cloud.archive(...letters, buildLetter(3, { redrivenAt: 1 }))
  const { code, output, said } = await run('dead-letters export')
  expect(code).toBe(0)
  expect(output).toMatch(/^[\n\u0020-\u007E]*$/)
  expect(parseLines(output)).toEqual(expect.arrayContaining(letters))
  expect(said).toHaveLength(3)
  expect((await run('dead-letters export --closed')).said).toHaveLength(4)
})

it('writes a cause, or ids, to a new file that only its owner can read', async () => {
  await cloud.archive(buildLetter(1), buildLetter(2), buildUnreadable('a', BODY))
  const byCause = await run('dead-letters export --cause unreadable --to one.jsonl')
  expect(byCause).toMatchObject({ code: 0, output: '1 letter written to one.jsonl\n' })
  expect(parseLines(await readFile(join(folder.path, 'one.jsonl'), 'utf8'))).toEqual([buildUnreadable('a', BODY)])
  const byId = await run(`dead-letters export ${buildTicket('medium', 2).id} ${UNREADABLE} --to two.jsonl`)
  expect(byId).toMatchObject({ code: 0, output: '2 letters written to two.jsonl\n' })
  // Windows has no such modes.
  const others = process.platform === 'win32' ? 0 : (await stat(join(folder.path, 'two.jsonl'))).mode & 0o077
  expect(others).toBe(0)
})

it('returns the body of an unreadable message byte for byte', async () => {
  await cloud.archive(buildUnreadable('a', BODY))
  expect(await run(`dead-letters export ${UNREADABLE} --body --to body`)).toMatchObject({
    code: 0,
    output: `the message of ${UNREADABLE} is in body\n`,
  })
  expect(await readFile(join(folder.path, 'body'))).toEqual(Buffer.from(BODY, 'utf8'))
})

it.for([
  ['is there already', '--to taken', 'ticketing dead-letters: --to: taken is there already; name a new file\n'],
  ['has no folder', '--to no/x', 'ticketing dead-letters: --to: the folder of no/x is not there; make it first\n'],
])('a file that %s is refused', async ([, words, said]) => {
  await mkdir(join(folder.path, 'taken'))
  await cloud.archive(buildLetter(1))
  expect(await run(`dead-letters export ${words}`)).toMatchObject({ code: 1, output: said })
})

it('leaves no partial file', async () => {
  await cloud.archive(...Array.from({ length: 40 }, (_, number) => buildLetter(number)))
  let reads = 0
  cloud.interceptCalls(async ({ operation }, _input, run) => {
    if (operation === 'GetObject' && (reads += 1) > 20) stop.abort()
    return run()
  })
  const stop = new AbortController()
  const result = await cloud.run('dead-letters export --to x', { cwd: folder.path, stop: stop.signal })
  expect(result).toMatchObject({
    code: 1,
    output: expect.stringMatching(/interrupted after \d+ letters; run it again/),
  })
  expect((await run('dead-letters export --cause nope --to x')).output).toContain('no letter has the cause "nope"')
  expect(await readdir(folder.path)).toEqual([])
})

it('of nothing says so on standard error', async () => {
  expect(await run('dead-letters export')).toMatchObject({
    code: 0,
    said: [],
    output: 'no dead letters are waiting\n',
  })
})

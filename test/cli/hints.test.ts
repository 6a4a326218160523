import { glob, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { makeFolder } from './start-command.ts'

const ROOT = new URL('../../', import.meta.url)
/** A placeholder of a hint. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  [/\$\{(?:String\()?(?:ticket|id|key|first\??\.key|letter\.)[^}]*\}/g, 'T-7QK2M-9XD4R'],
  [/\$\{name\}/g, 'trello-400'],
  [/\$\{prefix\}/g, 'acme'],
  [/\$\{accountId\}/g, '111122223333'],
  [/\$\{(?:scope\.)?region\}/g, 'eu-central-1'],
  [/\$\{role\}/g, 'server'],
  [/\$\{(?:bucket|own)\}/g, ''],
  [/\$\{secret\}/g, ''],
  [/\$\{token\}/g, '0123456789ab'],
  [/"…"/g, 'done'],
  [/\bFILE\b/g, 'file'],
]

interface Hint {
  readonly file: string
  readonly words: string
}

/** Every command that the source prints: written whole, or passed to `hint`. */
async function findHints(): Promise<readonly Hint[]> {
  const hints: Hint[] = []
  for await (const file of glob('packages/*/src/**/*.ts', {
    cwd: ROOT,
    exclude: (name) => name.endsWith('.test.ts'),
  })) {
    const source = await readFile(new URL(file, ROOT), 'utf8')
    for (const [, words = ''] of source.matchAll(/pnpm@12 ticketing ((?:\$\{[^}]*\}|[^`')\n])+)/g))
      hints.push({ file, words })
    for (const [, words = ''] of source.matchAll(/\bhint\([`']([^`']*)[`']\)/g)) hints.push({ file, words })
    // A text may name a command without the runner. It must exist too.
    for (const [, words = ''] of source.matchAll(/[`'"\s:]ticketing ((?!system|server\b)[a-z][a-z-]*)/g))
      hints.push({ file, words: `${words} --help` })
  }
  return hints
}

describe('every command that we print', async () => {
  const hints = await findHints()

  it('is found', () => {
    expect(hints.length).toBeGreaterThan(20)
  })

  it.each(hints)('works as printed: ticketing $words ($file)', async ({ words }) => {
    await using folder = await makeFolder()
    const given = VALUES.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), words)
    const args = [...given.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
    const { code, output } = await runInProcess(args, { cwd: folder.path })
    // 2: the command line is wrong. 1: there is only no testbed in this folder.
    expect(code, output).not.toBe(2)
    expect(code === 0 || output.includes('nothing to talk to'), output).toBe(true)
  })
})

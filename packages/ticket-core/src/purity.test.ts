import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const SOURCES = new URL('.', import.meta.url)

/** Our sources without comments, by name. The compiler (no Node types) and the linter check the rest of the purity. */
const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'outside-world.d.ts')
  .map((name) => ({ name, code: readFileSync(new URL(name, SOURCES), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '') }))

function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ name }) => name)
}

describe('the core', () => {
  test('is scanned: a pattern that is there is found', () => {
    expect(filesWith(/export function parseDraft\b/)).toEqual(['parse-draft.ts'])
  })

  test('waits for nothing of its own: a promise occurs only in the ports, and where a caller’s step is repeated', () => {
    const waiting = filesWith(/\bPromise\b|\basync\b|\bawait\b|\.then\(/)
    expect(waiting.filter((name) => !name.startsWith('ports/'))).toEqual(['retry-on-conflict.ts'])
  })

  test('has no code in its ports: they are types', () => {
    expect(filesWith(/\b(?:const|let|function|class|enum)\b/).filter((name) => name.startsWith('ports/'))).toEqual([])
  })

  test('imports nothing but itself, and Node’s crypto where keys and digests are made', () => {
    expect(filesWith(/from '(?!\.\/|\.\.\/[a-z])/)).toEqual(['callback-signature.ts', 'signature.ts', 'ticket-id.ts'])
    expect(filesWith(/\bimport\(/)).toEqual([])
  })

  test('reads no clock and no random number', () => {
    expect(
      filesWith(/\bnew Date\(\)|\bDate\.now\b|\bDate\(\)|\bMath\.random\b|\brandomUUID\b|\bperformance\b/),
    ).toEqual([])
  })

  test('ships as a package without dependencies', () => {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', SOURCES), 'utf8'))
    expect(manifest).not.toHaveProperty('dependencies')
    expect(manifest).not.toHaveProperty('peerDependencies')
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fc } from '@fast-check/vitest'
import { strToU8, zipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import { unpackCode } from '../../executors/unpack-code.ts'
import { readCode } from './read-code.ts'

const REFUSED = 'Could not unzip uploaded file. Please check your file, then try to upload again.'

function zipNamed(names: readonly string[]): Uint8Array {
  return zipSync(Object.fromEntries(names.map((name) => [name, name.endsWith('/') ? new Uint8Array() : strToU8(name)])))
}

/** A zip whose first file's bytes are damaged. */
function damaged(): Uint8Array {
  const zip = zipSync({ 'index.mjs': strToU8('export const handler = () => 1\n'.repeat(50)) }, { level: 9 })
  return zip.fill(0xff, 40, 60)
}

test.each<[string, Uint8Array]>([
  ['a file that is also a folder', zipNamed(['a', 'a/b.mjs'])],
  ['a folder that is also a file', zipNamed(['a/', 'a'])],
  ['a name with a zero byte', zipNamed(['index\0.mjs'])],
  ['a name of 256 bytes', zipNamed([`${'ä'.repeat(126)}.mjs`])],
  ['a path that is too long', zipNamed([`${'folder/'.repeat(600)}index.mjs`])],
  ['an empty name', zipNamed([''])],
  ['a way out', zipNamed(['a/../../b'])],
  ['damaged bytes', damaged()],
])('a zip with %s is rejected before it is stored', (_what, ZipFile) => {
  expect(() => readCode({ ZipFile })).toThrow(REFUSED)
})

test('a zip of more than 50 MB is rejected', () => {
  expect(() => readCode({ ZipFile: new Uint8Array(52_428_801) })).toThrow(
    'Zipped size must be smaller than 52428800 bytes',
  )
})

test('every accepted zip can be unpacked', () => {
  const directory = mkdtempSync(join(tmpdir(), 'local-aws-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const part = fc.constantFrom('a', 'b', '.', '..', '', ' ', 'a.mjs', 'x'.repeat(255), 'x'.repeat(256), 'é', 'a\\b', 'C:', '\u0001', '\0') // prettier-ignore
  const name = fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([parts, isFolder]) => parts.join('/') + (isFolder ? '/' : ''))
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
      expect([undefined, REFUSED]).toContain(problemOf(zipNamed(names), directory))
    }),
    { numRuns: 500 },
  )
})

/** Why a zip is rejected or cannot be unpacked. */
function problemOf(zip: Uint8Array, directory: string): string | undefined {
  try {
    const { codeSha256 } = readCode({ ZipFile: zip })
    unpackCode({ directory, codeSha256, code: () => zip })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

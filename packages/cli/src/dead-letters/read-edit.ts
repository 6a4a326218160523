import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { refuse } from '../actions.ts'
import { CliError } from '../cli-error.ts'
import type { Words } from './edit-letter.ts'

const FIELDS = ['title', 'description'] as const

/** The new words of `--set title="…"` and of `--edit FILE`; undefined where neither was given. */
export async function readEdit(
  { set, edit }: { readonly set?: readonly string[] | undefined; readonly edit?: string | undefined },
  cwd: string,
): Promise<Words | undefined> {
  if (set === undefined && edit === undefined) return undefined
  if (set !== undefined && edit !== undefined) refuse('redrive', 'name --set or --edit, not both')
  const given = edit === undefined ? readSet(set ?? []) : await readEditFile(edit, cwd)
  const entries = Object.entries(given).map(([name, value]) => {
    const field = FIELDS.find((one) => one === name)
    if (!field) return refuse('redrive', `"${name}" cannot be edited; title and description can`)
    if (typeof value !== 'string' || value.trim() === '') return refuse('redrive', `the new ${name} is no text`)
    if (field === 'title' && /[\r\n]/.test(value.trim())) return refuse('redrive', 'the new title has several lines')
    return [field, value.trim()]
  })
  if (entries.length === 0) refuse('redrive', 'expected a new title or description')
  return Object.fromEntries(entries)
}

function readSet(set: readonly string[]): Record<string, unknown> {
  const pairs = set.map((one): [string, string] => {
    const at = one.indexOf('=')
    return at < 1
      ? refuse('redrive', `--set: expected title="…" or description="…", got "${one}"`)
      : [one.slice(0, at), one.slice(at + 1)]
  })
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) refuse('redrive', `--set: ${twice} is given twice`)
  return Object.fromEntries(pairs)
}

async function readEditFile(given: string, cwd: string): Promise<Record<string, unknown>> {
  let json: unknown
  try {
    json = JSON.parse(await readFile(resolve(cwd, given), 'utf8'))
  } catch (error) {
    const isJson = error instanceof SyntaxError
    throw new CliError(
      `--edit: ${given} ${isJson ? 'is not JSON' : 'cannot be read'}; expected {"title":"…","description":"…"}`,
    )
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new CliError(`--edit: ${given} is not a JSON object; expected {"title":"…","description":"…"}`)
  return { ...json }
}

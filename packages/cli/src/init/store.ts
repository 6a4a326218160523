import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { ensureSecret, readSecret, type StackClients } from '@ticketing/stack'
import { intakeSecretId, secretNameOf } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import { stackError } from '../print-target.ts'
import { makePrivate } from '../private-folder.ts'
import { splitValues, type Values } from './keys.ts'

/** The two secrets as they are kept: what the functions read, and what only intake reads. */
interface StoredSecrets {
  readonly app?: Values
  readonly intake?: Values
}

/** Where the values are kept. */
export interface SecretStore {
  /** For people. */
  readonly where: string
  read(): Promise<StoredSecrets>
  /**
   * Adds these values, replaces those of the same keys, and removes keys from each secret that holds them. Returns the
   * names of the secrets that were written.
   */
  write(values: Values, removed?: readonly string[]): Promise<readonly string[]>
}

/** Both secrets in Secrets Manager. */
export function openSecretsManager(clients: StackClients, secretId: string): SecretStore {
  const put = async (id: string, values: Values, removed: readonly string[]): Promise<readonly string[]> => {
    const ensured = await ensureSecret(clients, { secretId: id, values, removed }, { overwrite: true })
    if (ensured.ok) return ensured.value.action === 'unchanged' ? [] : [id]
    const { failure } = ensured
    if (failure.code !== 'not-allowed') throw stackError([failure])
    throw new CliError(
      `these credentials may not write the secret ${id}. Let the administrator of the account attach the policy that "ticketing policy setup" prints, or write files for them: ticketing init --to FOLDER`,
    )
  }
  return {
    where: `the secrets ${secretId} and ${intakeSecretId(secretId)}`,
    async read() {
      const [app, intake] = await Promise.all([secretId, intakeSecretId(secretId)].map((id) => readOne(clients, id)))
      return { ...(app && { app }), ...(intake && { intake }) }
    },
    async write(values, removed = []) {
      const { app, intake } = splitValues(values)
      // The server reads intake's own secret from the moment that it is there: it is never without a token.
      const written = [
        ...(Object.keys(app).length > 0 ? await put(secretId, app, removed) : []),
        ...(intake['TEAMS_HMAC_SECRET'] === undefined ? [] : await put(intakeSecretId(secretId), intake, removed)),
      ]
      return written
    },
  }
}

async function readOne(clients: StackClients, id: string): Promise<Values | undefined> {
  const found = await readSecret(clients, id)
  if (!found.ok) throw stackError([found.failure])
  return found.value && asTexts(found.value)
}

/** As `openFolder`, for `--to`: a folder that may not be written to is refused before any question. */
export async function openFolderToWrite(cwd: string, given: string, secretId: string): Promise<SecretStore> {
  await refuseOtherFiles(resolve(cwd, given), given)
  return openFolder(cwd, given, secretId)
}

/** A folder with a file for each secret, for a person who may write them. Git ignores it, and only its owner can read it. */
function openFolder(cwd: string, given: string, secretId: string): SecretStore {
  const folder = resolve(cwd, given)
  const files = { app: fileNameOf(secretId), intake: fileNameOf(intakeSecretId(secretId)) }
  const readFiles = async (): Promise<StoredSecrets> => {
    const [app, intake] = await Promise.all([files.app, files.intake].map((file) => readIfThere(join(folder, file))))
    return { ...(app && { app }), ...(intake && { intake }) }
  }
  return {
    where: `the files of ${given}`,
    read: readFiles,
    async write(values, removed = []) {
      await preparePrivate(folder, given)
      const stored = await readFiles()
      const split = splitValues(values)
      const written: string[] = []
      for (const secret of ['app', 'intake'] as const) {
        if (Object.keys(split[secret]).length === 0) continue
        const kept = Object.entries(stored[secret] ?? {}).filter(([name]) => !removed.includes(name))
        const all = { ...Object.fromEntries(kept), ...split[secret] }
        await writeFile(join(folder, files[secret]), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
        written.push(join(given, files[secret]))
      }
      return written
    },
  }
}

/** A name such as `prod/ticketing` is one file of the folder, too. */
function fileNameOf(secretId: string): string {
  return `${encodeURIComponent(secretNameOf(secretId))}.json`
}

/** The name of the secret that a file was written for. */
export function secretNameOfFile(path: string): string {
  return decodeURIComponent(basename(path, '.json'))
}

const IGNORE_ALL = '*\n'

/** Refuses a folder with other files: the permissions of others would be removed from them, and Git would ignore them. */
async function refuseOtherFiles(folder: string, given: string): Promise<void> {
  const other = await findOther(folder)
  if (other === undefined) return
  throw new CliError(
    `--to ${given}: ${other}; expected a folder that is new or empty, or one that an earlier --to made. Name another: it becomes private, and Git ignores all of it`,
  )
}

/** What a folder that `--to` made does not hold: it has a `.gitignore` of one line, and files of secrets. */
async function findOther(folder: string): Promise<string | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    if (entries.length === 0) return undefined
    const other = entries.find((entry) => !entry.isFile() || !/\.json$|^\.gitignore$/.test(entry.name))
    if (other) return `"${other.name}" is in it`
    const ignored = entries.some(({ name }) => name === '.gitignore')
    if (!ignored) return 'it holds files, and no .gitignore'
    return (await readFile(join(folder, '.gitignore'), 'utf8')) === IGNORE_ALL ? undefined : 'its .gitignore is another'
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') return undefined
    if (code === 'ENOTDIR') return 'it is no folder'
    throw error
  }
}

/** Makes the folder private and ignored before the first secret is in it. */
async function preparePrivate(folder: string, given: string): Promise<void> {
  await refuseOtherFiles(folder, given)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  makePrivate(folder)
  try {
    await writeFile(join(folder, '.gitignore'), IGNORE_ALL, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** The values of a file as `--from` names it: one object with the keys of both secrets, or a folder that `--to` made. */
export async function readGiven(cwd: string, given: string, secretId: string): Promise<Values> {
  const path = resolve(cwd, given)
  try {
    const text = await readFile(path, 'utf8')
    const values = readValues(text)
    if (values) return values
    throw new CliError(`--from ${given}: expected a JSON object of strings, with the keys of the secret`)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EISDIR') {
      const { app, intake } = await openFolder(cwd, given, secretId).read()
      if (app || intake) return { ...app, ...intake }
      throw new CliError(`--from ${given}: there is no ${fileNameOf(secretId)} in this folder`)
    }
    if (code === 'ENOENT') throw new CliError(`--from ${given}: there is no such file`)
    throw error
  }
}

async function readIfThere(path: string): Promise<Values | undefined> {
  try {
    return readValues(await readFile(path, 'utf8')) ?? {}
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined
}

/** Undefined for a text that is not a JSON object. */
function readValues(text: string): Values | undefined {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? asTexts({ ...value }) : undefined
}

/** A value that is an object of its own, such as the targets of news, is kept as its JSON. */
function asTexts(values: Readonly<Record<string, unknown>>): Values {
  const entries = Object.entries(values).filter(([, one]) => one !== null && one !== '')
  return Object.fromEntries(entries.map(([key, one]) => [key, typeof one === 'string' ? one : JSON.stringify(one)]))
}

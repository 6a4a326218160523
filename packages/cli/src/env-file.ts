import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The file of settings beside the compose file. */
const NAME = '.env'

/** The settings of the folder's `.env`; none where there is no such file. */
export async function readEnvFile(cwd: string): Promise<Readonly<Record<string, string | undefined>>> {
  return parseEnv(await readText(cwd))
}

/** Sets these in the folder's `.env`, and leaves its other lines as they are. Only its owner can read it: ngrok's token is secret. */
export async function writeEnvFile(cwd: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const before = (await readText(cwd)).split('\n')
  const isOther = (line: string): boolean => {
    const [, name = ''] = /^\s*(?:export\s+)?([A-Z_]+)\s*=/.exec(line) ?? []
    return !Object.hasOwn(settings, name)
  }
  const kept = before.filter((line, at) => isOther(line) && !(line === '' && at === before.length - 1))
  const lines = [...kept, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)]
  const path = join(cwd, NAME)
  await writeFile(path, `${lines.join('\n')}\n`, { mode: 0o600 })
  // The mode above is only for a new file.
  await chmod(path, 0o600)
}

async function readText(cwd: string): Promise<string> {
  try {
    return await readFile(join(cwd, NAME), 'utf8')
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return ''
    throw error
  }
}

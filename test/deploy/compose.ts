import { createHash } from 'node:crypto'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import { run, type Ran } from './run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Names of this clone's own, the same in each run: what a killed one left behind is found again. */
const OWN = `ticketing-test-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`
export const IMAGES = { server: OWN, simulators: `${OWN}-simulators` } as const
const NETWORK = `${OWN}-localstack_default`

/** One compose file under a project name of its own. */
export interface Project {
  /** Rejects with both streams when the command fails. */
  run(args: readonly string[]): Promise<string>
  /** The same, whatever the exit code. */
  attempt(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>
  /** Ids of a service's containers, stopped ones too. */
  containers(service: string): Promise<string[]>
}

function openProject(name: string, files: readonly string[]): Project {
  // A person's own .env would name a real account.
  const where = ['--project-directory', ROOT, '--env-file', devNull, '-p', name]
  const project = ['compose', ...where, ...files.flatMap((file) => ['-f', `${ROOT}${file}`])]
  const attempt: Project['attempt'] = (args, env = {}) =>
    run('docker', [...project, ...args], { env: { ...environment(), ...env } })
  const runOrThrow: Project['run'] = async (args) => {
    const { code, stdout, stderr } = await attempt(args)
    if (code === 0) return stdout
    const logs = await attempt(['logs', '--tail', '30'])
    throw new Error(`docker compose ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}\n${logs.stdout}`)
  }
  return {
    run: runOrThrow,
    attempt,
    containers: async (service) => (await runOrThrow(['ps', '-aq', service])).split('\n').filter(Boolean),
  }
}

export const localstack: Project = openProject(`${OWN}-localstack`, ['docker-compose.localstack.yaml'])
export const deployment: Project = openProject(`${OWN}-deployment`, [
  'docker-compose.yaml',
  'test/deploy/on-localstack.yaml',
])

/** What the person who runs the tests has set must not decide them; every port is a free one. */
function environment(): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([name]) => !/^(OPERATOR_AWS|AWS|TICKETING|NGROK)_/.test(name))
  const ports = ['LOCALSTACK_PORT', 'TRELLO_PORT', 'SLACK_PORT', 'TICKETING_PORT'].map((name) => [name, '0'] as const)
  return { ...Object.fromEntries([...clean, ...ports]), TICKETING_IMAGE: IMAGES.server, NETWORK }
}

/** Runs docker; rejects when it fails. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run('docker', args)
  if (code !== 0) throw new Error(`docker ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout.trim()
}

/** Images without a name: what builders of Docker's own leave behind of a build's first stage, as their cache. */
export async function listNameless(): Promise<readonly string[]> {
  return (await docker('images', '--filter', 'dangling=true', '--quiet', '--no-trunc')).split('\n').filter(Boolean)
}

/** Removes everything that these tests make; of images without a name those that were not there before. */
export async function removeAll(namelessBefore?: readonly string[]): Promise<void> {
  await deployment.attempt(['down', '-v', '--remove-orphans', '-t', '1'])
  await localstack.attempt(['down', '-v', '--remove-orphans', '-t', '1'])
  await run('docker', ['image', 'rm', '-f', ...Object.values(IMAGES)])
  if (!namelessBefore) return
  const made = new Set(await listNameless()).difference(new Set(namelessBefore))
  for (const image of made) await run('docker', ['image', 'rm', image])
}

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { listNameless } from '../deploy/compose.ts'
import { nodeImage } from '../deploy/node-image.ts'
import { run, type Ran } from '../deploy/run.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OVERLAY = fileURLToPath(new URL('overlay', import.meta.url))
const SEND_LOAD = new URL('send-load.ts', import.meta.url)
const NAMESPACE = 'teams-ticketing'
/** The names of test/kubernetes/overlay. */
const IMAGES = { server: 'teams-ticketing:test', simulators: 'teams-ticketing-simulators:test' } as const
/** Milliseconds. */
export const PATIENCE = { timeout: 120_000, interval: 500 }

/** Runs kubectl in the namespace, whatever the exit code; `input` is an object for `-f -`. */
export function attempt(args: readonly string[], input?: object): Promise<Ran> {
  return run('kubectl', ['--namespace', NAMESPACE, ...args], {
    ...(input && { input: JSON.stringify(input) }),
  })
}

/** Runs kubectl; rejects with both streams when it fails. */
export async function kubectl(args: readonly string[], input?: object): Promise<string> {
  const { code, stdout, stderr } = await attempt(args, input)
  if (code === 0) return stdout.trim()
  throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
}

/** What kubectl's JSONPath finds, split at white space. */
export async function find(what: string, path: string): Promise<readonly string[]> {
  return (await kubectl(['get', ...what.split(' '), '-o', `jsonpath=${path}`])).split(/\s+/).filter(Boolean)
}

/** Builds both images and brings them to the nodes by the command of TICKETING_KUBERNETES_LOAD, such as `kind load docker-image`. */
export async function loadImages(): Promise<void> {
  for (const [target, image] of Object.entries(IMAGES)) {
    const args = [
      '--build-arg',
      `NODE_IMAGE=${nodeImage()}`,
      '-f',
      'deploy/Dockerfile',
      '--target',
      target,
      '-t',
      image,
    ]
    await must('docker', ['build', ...args, ROOT])
  }
  const [loader, ...args] = (process.env['TICKETING_KUBERNETES_LOAD'] ?? '').split(' ').filter(Boolean)
  const cloud = process.env['LOCALSTACK_IMAGE']
  if (loader !== undefined) await must(loader, [...args, ...Object.values(IMAGES), ...(cloud ? [cloud] : [])])
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(program, args, { cwd: ROOT })
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${`${stdout}${stderr}`.slice(-3000)}`)
}

/** Removes what an earlier run left; refuses a namespace that is not of these tests. */
export async function removeAll(): Promise<void> {
  const found = await attempt(['get', 'namespace', NAMESPACE, '-o', 'json'])
  if (found.code !== 0) return
  if (!found.stdout.includes('"teams-ticketing/tests": "true"'))
    throw new Error(`the cluster has a namespace ${NAMESPACE} that is not of these tests: name a cluster for tests`)
  await kubectl(['delete', 'namespace', NAMESPACE, '--wait', '--timeout=120s'])
}

/** Removes the images from the engine, and of those without a name what was not there before: a build's first stage. */
export async function removeImages(namelessBefore: readonly string[]): Promise<void> {
  await run('docker', ['image', 'rm', '-f', ...Object.values(IMAGES)])
  const made = new Set(await listNameless()).difference(new Set(namelessBefore))
  for (const image of made) await run('docker', ['image', 'rm', image])
}

/** Applies the overlay, waits for the stack and the server. */
export async function deploy(): Promise<void> {
  await kubectl(['apply', '-k', OVERLAY])
  await kubectl(['wait', 'job/stack', '--for=condition=complete', '--timeout=300s'])
  await kubectl(['rollout', 'status', 'deployment/server', '--timeout=120s'])
}

/** A port of a Service on this machine, until it is disposed. */
export async function forward(service: string, port: number): Promise<{ readonly url: string } & AsyncDisposable> {
  const args = ['--namespace', NAMESPACE, 'port-forward', `service/${service}`, `:${port}`]
  const child = spawn('kubectl', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const [, local] = /127\.0\.0\.1:(\d+)/.exec(text) ?? []
    if (local !== undefined) resolve(`http://127.0.0.1:${local}`)
  })
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`kubectl port-forward ended with ${code}`)))
  return {
    url: await promise,
    async [Symbol.asyncDispose]() {
      child.kill()
      if (child.exitCode === null) await new Promise((ended) => child.once('exit', ended))
    },
  }
}

/** A Job of the server's image, as `restricted` demands, with labels that decide what it may reach. */
export async function startJob(
  name: string,
  {
    labels = {},
    env = {},
    command,
  }: { labels?: object; env?: Readonly<Record<string, string>>; command: readonly string[] },
): Promise<void> {
  await kubectl(['apply', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'send-load' },
    data: { 'send-load.ts': readFileSync(SEND_LOAD, 'utf8') },
  })
  const restricted = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }
  const container = {
    name: 'job',
    image: IMAGES.server,
    imagePullPolicy: 'IfNotPresent',
    command,
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    securityContext: restricted,
    volumeMounts: [{ name: 'load', mountPath: '/load' }],
  }
  const pod = {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes: [{ name: 'load', configMap: { name: 'send-load' } }],
  }
  const template = { metadata: { labels: { 'teams-ticketing/test-job': 'true', ...labels } }, spec: pod }
  const spec = { backoffLimit: 0, activeDeadlineSeconds: 240, template }
  await kubectl(['create', '-f', '-'], { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec })
}

/** Waits for the end of a Job; its log. */
export async function endOf(name: string): Promise<string> {
  for (;;) {
    const ends = await find(`job ${name}`, '{.status.conditions[?(@.status=="True")].type}')
    if (ends.includes('Complete') || ends.includes('Failed')) return kubectl(['logs', `job/${name}`])
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

import { nodeImage } from '../deploy/node-image.ts'
import { run } from '../deploy/run.ts'

/** What this machine lacks to try the manifests on a cluster, and what to do about it, in a line; undefined: nothing. */
export async function findMissing(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  // Never the cluster that somebody happens to be logged in to.
  if (!env['KUBECONFIG'])
    return 'name the cluster to try it on: KUBECONFIG=/path/of/its/kubeconfig; it must be for tests'
  const cluster = await run('kubectl', ['version', '-o', 'json'])
  if (cluster.code === 127) return 'there is no kubectl; install it (https://kubernetes.io/docs/tasks/tools)'
  if (cluster.code !== 0) return `the cluster of ${env['KUBECONFIG']} does not answer: ${cluster.stderr.trim()}`
  const engine = await run('docker', ['image', 'inspect', nodeImage(env)])
  if (engine.code === 0) return undefined
  return `the image ${nodeImage(env)} is not here, or no Docker Engine that could build on it; docker pull ${nodeImage(env)}`
}

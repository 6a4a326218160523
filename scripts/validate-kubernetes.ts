import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// `pnpm validate:kubernetes`: holds deploy/kubernetes against the schemas of Kubernetes, without a cluster. They come from
// PyPI's kubernetes-validate, in an environment of its own; with a kubectl the overlays are held as they are applied, too.

const VALIDATOR = 'kubernetes-validate==1.34.1'
const SCHEMAS = '1.34'
const root = 'deploy/kubernetes'
const home = join(tmpdir(), `ticketing-${VALIDATOR.replaceAll('=', '-')}`)
const validator = join(home, 'bin', 'kubernetes-validate')

function run(program: string, args: readonly string[], input?: string): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
  if (status === 0) return stdout
  console.error(`${program} ${args.join(' ')} failed:\n${error?.message ?? `${stdout}${stderr}`}`)
  process.exit(1)
}

if (!existsSync(validator)) {
  run('python3', ['-m', 'venv', home])
  run(join(home, 'bin', 'pip'), ['install', '--quiet', VALIDATOR])
}
const files = globSync(`${root}/*/*.yaml`).filter((file) => !file.endsWith('kustomization.yaml'))
run(validator, ['--strict', '--kubernetes-version', SCHEMAS, ...files])
console.log(`${files.length} files are as Kubernetes ${SCHEMAS} wants them`)
const overlays = globSync(`${root}/{ingress,ngrok,localstack}`)
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
for (const overlay of hasKubectl ? overlays : [])
  run(validator, ['--strict', '--kubernetes-version', SCHEMAS, '-'], run('kubectl', ['kustomize', overlay]))
console.log(hasKubectl ? `${overlays.join(', ')}, too` : 'without kubectl: the overlays were not put together')

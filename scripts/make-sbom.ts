import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'

// `pnpm make-sbom`: the software bill of materials of what users run, as CycloneDX JSON in reports/. pnpm makes it from the lock
// file; here it is held against CycloneDX's own schema, and against the dependencies that our packages declare.

const OUT = 'reports/sbom.cdx.json'
const VERSION = Spec.Version.v1dot7

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Sbom {
  readonly components: readonly { readonly purl: string }[]
}

/** The address by which a bill of materials names a package of npm. */
const toPurl = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

function makeSbom(): void {
  mkdirSync('reports', { recursive: true })
  const args = ['sbom', '--prod', '--sbom-format=cyclonedx', `--sbom-spec-version=${VERSION}`]
  const { status, error } = spawnSync('pnpm', [...args, '--sbom-type=application', `--out=${OUT}`], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`pnpm sbom ended with ${status}`, { cause: error })
}

/** What our packages declare for run time, in the exact versions that they declare. */
function listDeclared(): string[] {
  return readdirSync('packages').flatMap((folder) => {
    const manifest: Manifest = JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8'))
    return Object.entries({ ...manifest.dependencies, ...manifest.optionalDependencies })
      .filter(([, version]) => !version.startsWith('workspace:'))
      .map(([name, version]) => toPurl(name, version))
  })
}

makeSbom()
const text = readFileSync(OUT, 'utf8')
const { components }: Sbom = JSON.parse(text)
const listed = new Set(components.map(({ purl }) => purl))
const declared = new Set(listDeclared())
const problems = [...declared.difference(listed)].map((purl) => `${purl} is declared and not listed`)
const invalid = await new Validation.JsonStrictValidator(VERSION).validate(text)
if (invalid !== null) problems.push(`not valid CycloneDX ${VERSION}: ${JSON.stringify(invalid)}`)
for (const problem of problems) console.error(`make-sbom: ${problem}`)
console.log(`${OUT}: ${components.length} components, ${declared.size} of them declared by our packages`)
if (problems.length > 0) process.exitCode = 1

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const json = (path: string): unknown => JSON.parse(read(path))

const DIGEST = /@sha256:[0-9a-f]{64}$/
const KINDS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const
/** Images that are built here, so that no registry serves them. */
const OURS = /^\$\{TICKETING_IMAGE:-teams-ticketing\}/

describe('what others make is pinned', () => {
  it('pnpm by version and hash, in CI and in the image, too', () => {
    expect(json('package.json')).toMatchObject({
      packageManager: expect.stringMatching(/^pnpm@\d+\.\d+\.\d+\+sha512\.[0-9a-f]{128}$/),
    })
    expect(`${read('.ci/run')}${read('deploy/Dockerfile')}`).not.toMatch(/^[^#\n]*pnpm@\d/m)
  })

  it('every image of the Dockerfile by its digest, or it is a stage', () => {
    const text = read('deploy/Dockerfile')
    const args = Object.fromEntries([...text.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]))
    const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage))
    const images = [...text.matchAll(/^FROM (\S+)/gm)].map(([, from = '']) =>
      from.replace(/^\$\{(\w+)\}$/, (_, name: string) => args[name] ?? ''),
    )
    const outside = images.filter((image) => !stages.has(image))
    expect(outside).not.toEqual([])
    for (const image of outside) expect(image).toMatch(DIGEST)
  })

  it('every image of the compose files by its digest, or it is ours', () => {
    const files = ['docker-compose.yaml', 'docker-compose.localstack.yaml']
    const images = files.flatMap((file) =>
      [...read(file).matchAll(/^ *image: (?:&\w+ )?([^\s*]+)$/gm)].map(([, image = '']) => image),
    )
    const outside = images.filter((image) => !OURS.test(image))
    expect(outside).not.toEqual([])
    for (const image of outside) expect(image.replace(/^\$\{\w+:-(.+)\}$/, '$1')).toMatch(DIGEST)
  })

  it('every package by an exact version', () => {
    const folders = readdirSync(new URL('../../packages', import.meta.url))
    const manifests = ['package.json', ...folders.map((folder) => `packages/${folder}/package.json`)].map(json)
    const versions = manifests.flatMap((manifest) => {
      const { dependencies, devDependencies, optionalDependencies } = manifest as Record<string, Record<string, string>>
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    })
    expect(versions.length).toBeGreaterThan(50)
    const loose = versions.filter(([, version]) => version !== 'workspace:*' && !/^\d+\.\d+\.\d+$/.test(version))
    expect(loose).toEqual([])
  })

  it('every package names what its sources import: an image is built without what only the clone has', () => {
    const missing = readdirSync(new URL('../../packages', import.meta.url)).flatMap((folder) => {
      const manifest = json(`packages/${folder}/package.json`) as Record<string, Record<string, string>>
      const named = new Set([manifest['name'], ...KINDS.flatMap((kind) => Object.keys(manifest[kind] ?? {}))])
      const src = new URL(`../../packages/${folder}/src/`, import.meta.url)
      const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
        (file) => /(?<!\.test)\.ts$/.test(file) && !file.startsWith('testing/'),
      )
      return files.flatMap((file) => {
        const text = readFileSync(new URL(file, src), 'utf8')
        const imported = [
          ...text.matchAll(/^(?:import|export)\b[^'";]*?from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm),
        ]
        const packages = imported.map(([, early, late]) => /^(?:@[^/]+\/)?[^/]+/.exec(early ?? late ?? '')?.[0] ?? '')
        return packages
          .filter((name) => !name.startsWith('node:') && !named.has(name))
          .map((name) => `packages/${folder}/src/${file} imports ${name}`)
      })
    })
    expect(missing).toEqual([])
  })

  it('no install takes a version that is younger than a week', () => {
    expect(read('pnpm-workspace.yaml')).toMatch(/^minimumReleaseAge: 10080$/m)
    expect(json('renovate.json')).toMatchObject({ minimumReleaseAge: '7 days' })
  })
})

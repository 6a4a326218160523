import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadBundles, releaseOf } from '@ticketing/lambdas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../cli/start-command.ts'
import { type DoctorBed, startDoctorBed } from './doctor-bed.ts'

const GUIDES = fileURLToPath(new URL('../../docs/guides/', import.meta.url))
const NAMES = ['aws.md', 'ngrok.md', 'slack.md', 'teams.md', 'trello.md'] as const

/** The commands of ours in the `sh` blocks of a document, in order. */
function commandsOf(path: string): readonly (readonly string[])[] {
  const blocks = readFileSync(path, 'utf8').matchAll(/^```sh\n(.*?)^```/gms)
  return [...blocks].flatMap(([, block = '']) =>
    block.split('\n').flatMap((line) => {
      const [, words] = /^npx -y pnpm@12 ticketing (.+)$/.exec(line) ?? []
      // `bundle` is done already, and the server of the bed runs.
      return words === undefined || words.startsWith('server ') ? [] : [words.split(' ')]
    }),
  )
}

/** The same command for the embedded cloud. */
function here(words: readonly string[], address: string): readonly string[] {
  const [name = ''] = words
  const ofAws = words.indexOf('--aws')
  const rest = name === 'policy' || ofAws < 0 ? words : words.filter((_, at) => at < ofAws || at > ofAws + 2)
  return ['connect', 'doctor', 'init'].includes(name) ? [...rest, '--public-url', address] : rest
}

describe('the commands of the guides', () => {
  let bed: DoctorBed
  beforeAll(async () => {
    bed = await startDoctorBed(async () => releaseOf(await loadBundles()))
  })
  afterAll(() => bed[Symbol.asyncDispose]())

  it.each([...NAMES.map((name) => `guides/${name}`), 'deployment.md'])('of %s work as printed', async (name) => {
    const commands = commandsOf(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)))
    const ours = commands.filter((words) => !words.includes('--endpoint'))
    expect(ours.length).toBeGreaterThan(0)
    await using folder = await makeFolder()
    for (const words of ours) {
      const { code, output } = await bed.run(here(words, bed.server.url), { cwd: folder.path })
      expect(code, `${words.join(' ')}\n${output}`).toBe(0)
    }
  })
})

it('each guide of a vendor is there, and its drawings are ours: SVG, without a script or a picture of others', () => {
  expect(readdirSync(GUIDES)).toEqual(expect.arrayContaining([...NAMES]))
  const drawings = readdirSync(`${GUIDES}pictures`)
  expect(drawings.length).toBeGreaterThan(0)
  for (const name of drawings) {
    expect(name).toMatch(/\.svg$/)
    const text = readFileSync(`${GUIDES}pictures/${name}`, 'utf8')
    expect(text).toMatch(/<title id="t">[^<]+<\/title>\s+<desc id="d">/)
    expect(text).not.toMatch(/<script|<image|href=|onload=/)
  }
})

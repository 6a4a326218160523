import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { SECURITY_DEFECTS } from '../security/planted-defects.ts'
import { runCommand } from '../support/run-command.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const documents = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
  ...readdirSync(join(ROOT, 'packages'))
    .map((name) => join('packages', name, 'README.md'))
    .filter((path) => existsSync(join(ROOT, path))),
]

/** What the stack puts into a function's environment: people do not set these. */
const GIVEN_TO_FUNCTIONS = new Set(
  'PREFIX BUCKET QUEUE_URL DLQ_URL LOW_QUEUE_URL MEDIUM_QUEUE_URL HIGH_QUEUE_URL NEWS_QUEUE_URL'
    .split(' ')
    .map((name) => `TICKETING_${name}`),
)

/** Every first group of the pattern in a text, each once. */
const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, one]) => one ?? [])),
]

/** Relative targets of links, without the part after #. What stands in code is no link. */
const linksOf = (text: string): string[] =>
  found(text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, ''), /\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)

/** Links that lead nowhere, each with the file that has it. */
const brokenLinks = (path: string): string[] =>
  linksOf(read(path))
    .filter((link) => !existsSync(join(ROOT, dirname(path), link)))
    .map((link) => `${relative('.', path)} → ${link}`)

describe('the documents', () => {
  it('are looked at: the README and what it stands on are among them, with their links', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', join('docs', 'README.md'), join('docs', 'pipeline.md')]),
    )
    expect(linksOf('[a](docs/x.md#part) `[code](no-link)` [b](https://example.com) [c](#here)')).toEqual(['docs/x.md'])
  })

  it('link only to files and folders that are there', () => {
    expect(documents.flatMap(brokenLinks)).toEqual([])
  })

  it('are all found from docs/README.md, each decision, too', () => {
    const index = new Set(linksOf(read(join('docs', 'README.md'))).map((link) => join('docs', link)))
    const below = documents.filter((path) => path.startsWith('docs') && path !== join('docs', 'README.md'))
    expect(below.length).toBeGreaterThan(20)
    expect(below.filter((path) => !index.has(path))).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('show shell commands that a shell can read', () => {
    const scripts = documents.flatMap((path) => blocksOf(path, 'sh'))
    expect(scripts.length).toBeGreaterThan(5)
    for (const script of scripts) {
      const { stderr } = spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })
      expect(stderr, script).toBe('')
    }
  })

  it('have every setting that code reads, and no other, in docs/settings.md', () => {
    const sources = ['server', 'cli', 'lambdas'].flatMap((name) =>
      readdirSync(join(ROOT, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => read(join('packages', name, 'src', file))),
    )
    const ours = /\b(TICKETING_[A-Z_]+)/g
    const known = new Set(sources.flatMap((text) => found(text, ours))).difference(GIVEN_TO_FUNCTIONS)
    expect([...known].toSorted()).toEqual(found(read(join('docs', 'settings.md')), ours).toSorted())
  })

  it('name only scripts that package.json has', () => {
    const manifest: unknown = JSON.parse(read('package.json'))
    expect(manifest).toHaveProperty('scripts.dev')
    const named = documents.flatMap((path) => found(read(path), /npx -y pnpm@12 ([a-z][a-z:-]*)/g))
    expect(named).toEqual(expect.arrayContaining(['dev', 'test']))
    for (const name of new Set(named).difference(new Set(['exec', 'install'])))
      expect(manifest).toHaveProperty(['scripts', name])
  })

  it('name only commands that ticketing has', async () => {
    const help = await runCommand(['help'], { cwd: tmpdir() })
    const known = new Set(found(help.output, /^ {2}([a-z-]+) {2}/gm))
    expect(known).toContain('dev')
    const named = documents.flatMap((path) => found(read(path), /(?:pnpm@12 |`)ticketing ([a-z][a-z-]*)/g))
    expect(named).toEqual(expect.arrayContaining(['send', 'status', 'dead-letters', 'up']))
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })

  it('name only files in SECURITY.md that are there', () => {
    const paths = found(read('SECURITY.md'), /`((?:[a-z0-9-]+\/)+[a-z0-9-]+(?:\.test)?\.ts)(?:::[^`]+)?`/g)
    expect(paths.length).toBeGreaterThan(20)
    const missing = paths.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, 'packages', path)))
    expect(missing).toEqual([])
  })
})

describe('the way through the code in docs/pipeline.md', () => {
  const steps = [...read(join('docs', 'pipeline.md')).matchAll(/`(\w+)` in \[[^\]]+\]\(\.\.\/([^)]+)\)/g)]

  it('has all three ways', () => expect(steps.length).toBeGreaterThan(24))

  it.each(steps.map(([, name = '', path = '']) => ({ name, path })))('names $name where it is', ({ name, path }) => {
    expect(read(path)).toMatch(new RegExp(String.raw`^export (?:async )?function ${name}\b`, 'm'))
  })
})

describe('the threats of SECURITY.md', () => {
  const section = read('SECURITY.md')
    .split(/^## /m)
    .find((each) => each.startsWith('Threats'))
  const rows = (section ?? '')
    .split(/\r?\n/)
    .filter((line) => /^\|(?! *-)/.test(line))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()))

  it('each have what holds them, and a test that shows it', () => {
    expect(rows.length).toBeGreaterThan(20)
    const bare = rows.filter(
      ([, , threat, held, shown]) => !threat || !held || !/`[^`]+\.test\.ts::[^`]+`/.test(shown ?? ''),
    )
    expect(bare).toEqual([])
  })

  it.each(SECURITY_DEFECTS)('have a defect that can be planted: $name', ({ file, find }) => {
    expect(read(join('packages', file)).split(find)).toHaveLength(2)
  })

  it('each name a planted defect that one of these tests catches, or say why there is none', () => {
    const unknown = rows.flatMap(([, , threat, , shown = '', defects = '']) =>
      defects
        .split('<br>')
        .filter((name) => !/^none: \S/.test(name))
        .filter((name) => {
          const defect = SECURITY_DEFECTS.find((each) => each.name === name)
          return !defect || !shown.includes(`\`${defect.caughtBy}\``)
        })
        .map((name) => `${threat}: "${name}"`),
    )
    expect(unknown).toEqual([])
    const cells = new Set(rows.flatMap(([, , , , , defects = '']) => defects.split('<br>')))
    expect(SECURITY_DEFECTS.map(({ name }) => name).filter((name) => !cells.has(name))).toEqual([])
  })

  const named = found(read('SECURITY.md'), /`([^`\s]+\.test\.ts::[^`]+)`/g)
  it.each(named)('%s', (name) => {
    const [path = '', title = ''] = name.split('::')
    const file = path.startsWith('test/') ? path : join('packages', path)
    expect(read(file)).toMatch(new RegExp(String.raw`\(\s*'${RegExp.escape(title)}'`))
  })
})

describe('the README', () => {
  it('has both commands on its first screen', () => {
    const lines = read('README.md').split(/\r?\n/)
    expect(lines.length).toBeLessThan(120)
    expect(lines.slice(0, 45).map((line) => line.trim())).toEqual(
      expect.arrayContaining(['npx -y pnpm@12 dev', 'npx -y pnpm@12 test']),
    )
  })

  it('and what it stands on show no code but in the packages, whose tests run it', () => {
    const outside = documents.filter((path) => !path.startsWith('packages'))
    expect(outside.filter((path) => blocksOf(path, 'ts').length > 0)).toEqual([])
  })

  it('of the testbed shows the code that tests run, too, with real processes and without', () => {
    const files = ['testbed', 'people', 'killed', 'processes'].map((name) => `${name}-example.test.ts`)
    const examples = files.map(markedIn)
    expect(blocksOf('packages/testbed/README.md', 'ts')).toEqual(examples)
  })
})

/** The code of a language that a document shows. */
function blocksOf(path: string, language: 'ts' | 'sh'): string[] {
  return found(read(path).replaceAll('\r\n', '\n'), new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))
}

/** What a test file marks as to be shown. */
function markedIn(name: string): string {
  const text = read(`test/docs/${name}`).replaceAll('\r\n', '\n')
  const [marked] = found(text, /^\/\/ README begins\n([\s\S]*?)^\/\/ README ends$/gm)
  if (marked === undefined) throw new Error(`${name} marks nothing`)
  return marked
}

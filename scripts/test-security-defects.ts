import { fileURLToPath } from 'node:url'
import { createVitest, type TestCase, type TestModule, type TestSpecification } from 'vitest/node'
import { COMPILED } from '../test/support/compiled.ts'
import { SECURITY_DEFECTS } from '../test/security/planted-defects.ts'
import type { SecurityDefect } from '../test/security/defect.ts'

// `pnpm test:security-defects [WORD]`: plants each security defect (those with the word in their name), one at a time, and
// sees the test that SECURITY.md names for it fail, by what that test expects. Nothing else is run.

const [word = ''] = process.argv.slice(2)
const defects = SECURITY_DEFECTS.filter(({ name }) => name.includes(word))
// Half of what each process costs is compiling: Node keeps it.
process.env['NODE_COMPILE_CACHE'] ??= COMPILED
const vitest = await createVitest('test', {
  config: fileURLToPath(new URL('../test/security/planted.config.ts', import.meta.url)),
  project: defects.map(({ name }) => name),
  watch: false,
  reporters: [{}],
  silent: true,
})
const found = await vitest.globTestSpecifications()
await vitest.runTestSpecifications(found.map(onlyNamedTests))
const modules = vitest.state.getTestModules()
for (const error of vitest.state.getUnhandledErrors()) console.error(error)
await vitest.close()

const uncaught = defects.flatMap((defect) => {
  const { name } = defect
  const problem = explain(
    modules.filter(({ project }) => project.name === name),
    defect,
  )
  return problem === undefined ? [] : [`${name}: ${problem}`]
})
for (const line of uncaught) console.error(line)
console.log(`planted security defects: ${defects.length - uncaught.length} of ${defects.length} caught`)
// Vitest has counted the failed tests, which are as they must be.
process.exitCode = uncaught.length > 0 || defects.length === 0 ? 1 : 0

/** Of a file only the tests that must catch its defect. */
function onlyNamedTests({ project, moduleId }: TestSpecification): TestSpecification {
  const titles = defects.filter(({ name }) => name === project.name).map(({ caughtBy }) => titleOf(caughtBy))
  // Suites come before the title.
  const testNamePattern = new RegExp(`(?:^|\\s)(?:${titles.map(patternOf).join('|')})$`, 's')
  return project.createSpecification(moduleId, { testNamePattern })
}

/** Why a defect counts as not caught. */
function explain(ran: readonly TestModule[], { caughtBy, hangs }: SecurityDefect): string | undefined {
  const title = titleOf(caughtBy)
  const broken = ran.flatMap((each) => each.errors().map(({ message }) => message))
  if (broken.length > 0) return `the tests could not be loaded: ${broken.join('; ')}`
  const named = ran.flatMap((each) => [...each.children.allTests()]).filter((each) => isTitled(each.name, title))
  if (named.length === 0) return `no test is called "${title}"`
  const failed = named.filter((each) => each.result().state === 'failed')
  if (failed.length === 0) return `"${title}" is green with it`
  const isAsExpected = failed.some(hangs === true ? isByTime : isByAssertion)
  return isAsExpected ? undefined : `"${title}" fails in another way: ${messageOf(failed[0])}`
}

/** `%s`, `$id` and the like stand for whatever a table of tests puts there. */
function isTitled(name: string, title: string): boolean {
  return new RegExp(`^${patternOf(title)}$`, 's').test(name)
}

function patternOf(title: string): string {
  const parts = title.split(/%[sij]|\$\w+/).map((part) => RegExp.escape(part))
  return parts.join('.*')
}

function titleOf(caughtBy: string): string {
  return caughtBy.split('::')[1] ?? ''
}

function isByAssertion(test: TestCase): boolean {
  return (test.result().errors ?? []).some(
    ({ name, message }) => name === 'AssertionError' || message.includes('Property failed'),
  )
}

function isByTime(test: TestCase): boolean {
  return messageOf(test).includes('timed out')
}

function messageOf(test: TestCase | undefined): string {
  return test?.result().errors?.[0]?.message ?? ''
}

// `pnpm bench NAME`: runs one of the measurements beside this file; what follows the name goes to it.
const NAMES: Readonly<Record<string, string>> = {
  bed: 'what a fresh testbed, an idle day and a day of retries cost',
  calls: 'what a call costs over the wire and past it',
  parse: 'what reading a message costs',
  doubling: "what each reader's cost does when the text gets twice as long; fails where it is not linear",
  intake: 'how long line 1 as a function takes to answer, cold and warm',
  server: 'the server beside another HTTP framework',
}

const [name = ''] = process.argv.splice(2, 1)
if (Object.hasOwn(NAMES, name)) {
  await import(`./${name}.ts`)
} else {
  const lines = Object.entries(NAMES).map(([each, what]) => `  ${each.padEnd(9)} ${what}`)
  console.error(`usage: npx -y pnpm@12 bench NAME\n${lines.join('\n')}`)
  process.exitCode = 2
}

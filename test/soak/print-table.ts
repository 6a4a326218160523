/** `pnpm soak:table soak.json`: the table of `docs/promise.md`, from what `pnpm soak --json` wrote. */
import { readFile } from 'node:fs/promises'
import { renderTable, type Report } from './report.ts'

const [file] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: npx -y pnpm@12 soak:table FILE, as `soak --json FILE` wrote it\n')
  process.exitCode = 2
} else {
  // Written by this very program.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  process.stdout.write(renderTable(JSON.parse(await readFile(file, 'utf8')) as Report))
}

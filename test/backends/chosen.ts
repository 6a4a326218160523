import type { ScenarioFile } from './list-scenarios.ts'

/**
 * The scenarios that every test run plays on real processes as well, and what only these show there. The whole way of a
 * ticket to each destination, a repeat, a retry and a death, through real zips and sockets, is in `test/executors`; kills
 * are in `test/cli/dev.test.ts`, `test/durability` and the executors' own tests. The others wait for `pnpm test:processes`.
 */
const CHOSEN: Readonly<Record<string, string>> = {
  'server-restart': 'a listener that closes with requests at work, and takes its port again',
  'hostile-text': 'what server and functions print comes through pipes, and still is a line of JSON each',
}

export function isChosen({ name }: ScenarioFile): boolean {
  return name in CHOSEN
}

import { readdirSync, readFileSync } from 'node:fs'

const SCENARIOS = new URL('../scenarios/', import.meta.url)

export interface ScenarioFile {
  /** `vendor-outage` */
  readonly name: string
  /** From the root of the project. */
  readonly file: string
  /** It starts its testbed with `startVirtualBed`: there is no other backend for it. */
  readonly needsVirtualClock: boolean
}

/** Every file of scenarios, by name. */
export function listScenarios(): ScenarioFile[] {
  return readdirSync(SCENARIOS)
    .flatMap((file) => (file.endsWith('.test.ts') ? file.replace('.test.ts', '') : []))
    .toSorted()
    .map((name) => ({
      name,
      file: `test/scenarios/${name}.test.ts`,
      needsVirtualClock: readFileSync(new URL(`${name}.test.ts`, SCENARIOS), 'utf8').includes('startVirtualBed('),
    }))
}

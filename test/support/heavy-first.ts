import { BaseSequencer } from 'vitest/node'
import type { TestSequencer, TestSpecification, Vitest } from 'vitest/node'

/** Files that take seconds, the longest first: begun last, one of them would keep a worker busy while the others idle. */
const HEAVY = [
  'properties/no-ticket',
  'executors/same-journal',
  'permissions/operator',
  'durability/durability',
  'cli/dev',
  'testbed/failing-tests',
  'faults/long-outage',
  // With real processes.
  'scenarios/dead-letter-desk',
  'scenarios/each-priority-lands',
]

/** Vitest's own order, which on a fresh clone knows nothing but the sizes of files, with the heavy ones of each project first. */
export class HeavyFirst implements TestSequencer {
  readonly #base: BaseSequencer

  constructor(vitest: Vitest) {
    this.#base = new BaseSequencer(vitest)
  }

  shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    return this.#base.shard(files)
  }

  async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own method, no array's
    const sorted = await this.#base.sort(files)
    // The projects stay one after the other: a worker loads everything again for another one.
    return [...new Set(sorted.map(({ project }) => project))].flatMap((project) =>
      sorted.filter((file) => file.project === project).toSorted((a, b) => rank(a) - rank(b)),
    )
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = HEAVY.findIndex((heavy) => moduleId.includes(`/test/${heavy}`))
  return at === -1 ? HEAVY.length : at
}

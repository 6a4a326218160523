import { BaseSequencer, type TestSequencer, type TestSpecification, type Vitest } from 'vitest/node'

/** Slow files, the slowest first: if one starts last, a worker runs it while the others idle. */
const HEAVY = [
  'properties/no-ticket',
  'executors/same-journal',
  'permissions/operator',
  'durability/durability',
  'cli/dev',
  'testbed/failing-tests',
  'faults/long-outage',
  // With real processes.
  'scenarios/dead-letter-commands',
  'scenarios/each-priority-lands',
]

/** Vitest's own order, but with the slow files of each project first. On a new clone Vitest knows only file sizes. */
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
    // One project after the other: a worker loads all modules again for another project.
    return [...new Set(sorted.map(({ project }) => project))].flatMap((project) =>
      sorted.filter((file) => file.project === project).toSorted((a, b) => rank(a) - rank(b)),
    )
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = HEAVY.findIndex((heavy) => moduleId.includes(`/test/${heavy}`))
  return at === -1 ? HEAVY.length : at
}

import type { SecurityDefect } from './defect.ts'

/** In what operators do to tickets. */
export const DEFECTS_OF_OPERATORS: readonly SecurityDefect[] = [
  {
    name: 'writes exports that others can read',
    file: 'cli/src/private-file.ts',
    find: "open(path, 'wx', 0o600)",
    put: "open(path, 'wx', 0o644)",
    caughtBy:
      'test/cli/tickets-reindex.test.ts::--to: into a new file that only its owner can read; one that is there is left as it is',
  },
  {
    name: 'forgets a person but not their ticket in the bucket',
    file: 'cli/src/tickets/forget-case.ts',
    find: 'if (found.object) for',
    put: 'if (found.object && dryRun) for',
    caughtBy:
      'test/cli/tickets-forget.test.ts::erases a person everywhere, keeps events and ids, and says what is out of reach',
  },
  {
    name: 'forgets the case before the rest',
    file: 'cli/src/tickets/forget-case.ts',
    find: 'if (dryRun) return found\n',
    put: "if (dryRun) return found\n    await system.cases.write(key, { ...left, nonce: 'first' }, { version: stored.version })\n",
    caughtBy: 'test/cli/tickets-forget.test.ts::stopped before any of its writes, the next run erases the rest',
  },
]

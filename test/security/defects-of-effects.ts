import type { SecurityDefect } from './defect.ts'

/** Planted in what delivers what events cause elsewhere. */
export const DEFECTS_OF_EFFECTS: readonly SecurityDefect[] = [
  {
    name: 'sends news to the first webhook',
    file: 'ticket-core/src/news.ts',
    find: 'const key = keys.find((one) => Object.hasOwn(targets, one))',
    put: 'const key = [...Object.keys(targets), ...keys][0]',
    caughtBy: 'test/delivery/news.test.ts::go to their own channel or team, and to no other',
  },
  {
    name: 'believes the source of an effect',
    file: 'lambdas/src/deliver/read-effect.ts',
    find: 'if (known.source === subject.source && (record?.source ?? known.source) === subject.source)',
    put: "if (known.source !== '')",
    caughtBy:
      'test/delivery/notes.test.ts::an effect of another ticket under this id is a dead letter, and nothing is written',
  },
]

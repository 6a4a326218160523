import type { SecurityDefect } from './defect.ts'

/** In what operators do to tickets. */
export const DEFECTS_OF_OPERATORS: readonly SecurityDefect[] = [
  {
    name: 'lets every account invoke the function of intake',
    file: 'stack/src/intake/describe-intake.ts',
    find: 'invokedViaFunctionUrl: true,',
    put: '',
    caughtBy:
      'stack/src/intake/intake.test.ts::makes the function with an address for everyone, and the minute of its sweep',
  },
  {
    name: 'reserves nothing for the function of intake',
    file: 'stack/src/intake/describe-intake.ts',
    find: 'const CONCURRENCY = 100',
    put: "const CONCURRENCY = 'none' as const",
    caughtBy:
      'stack/src/intake/intake.test.ts::makes the function with an address for everyone, and the minute of its sweep',
  },
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
  {
    name: 'shows a secret while it is typed',
    file: 'cli/src/text/prompt.ts',
    find: 'isMuted = isHidden || ahead !== undefined',
    put: 'isMuted = ahead !== undefined',
    caughtBy: 'cli/src/text/prompt.test.ts::of a secret nothing is shown, and no later key brings it back',
  },
  {
    name: 'lets Git take the files of secrets',
    file: 'cli/src/init/store.ts',
    find: String.raw`const IGNORE_ALL = '*\n'`,
    put: String.raw`const IGNORE_ALL = '\n'`,
    caughtBy:
      'test/cli/init.test.ts::writes files that only the owner can read and git ignores, without AWS; an administrator takes them',
  },
  {
    name: 'copies a key of intake into the secret that functions read',
    file: 'cli/src/init/keys.ts',
    find: 'findKey(name)?.secret === secret',
    put: "(findKey(name)?.secret ?? 'app') === secret",
    caughtBy:
      'test/cli/init.test.ts::leaves a key that it does not know in its own secret: functions never get one of intake',
  },
  {
    name: 'shows what lies in the environment of a function',
    file: 'cli/src/doctor/check-aws.ts',
    find: 'redactPlan(plan.value)',
    put: 'plan.value',
    caughtBy: 'test/doctor/doctor.test.ts::without a secret that was put into the environment of a function by hand',
  },
  {
    name: 'repeats what a proxy says in place of Slack',
    file: 'adapters/src/slack/check-webhook.ts',
    find: "/^[a-z][a-z_]{1,60}$/.test(word) ? ` ${word}` : ''",
    put: '` ${word}`',
    caughtBy: 'adapters/src/slack/check-webhook.test.ts::%i %s is %s',
  },
  {
    name: 'binds the token of the self-test to a team',
    file: 'cli/src/doctor/check-address.ts',
    find: "conversation: { id: 'doctor' },",
    put: "conversation: { id: 'doctor' },\n    channelData: { team: { id: 'doctor' } },",
    caughtBy:
      'test/doctor/doctor.test.ts::makes no ticket, posts nothing, changes no resource, and binds no token to a team',
  },
]

import { describeEgress, installEgressGuard } from '@ticketing/testbed/egress'
import { setUpTestbeds } from '@ticketing/testbed/vitest'
import { configureGlobal } from 'fast-check'
import { afterAll, afterEach, inject } from 'vitest'
import { CHOSEN_SEED } from './seed.ts'

// Before every test file: nothing that a test starts may reach another machine. Whatever tries fails the test that ran,
// even where the code under test swallows the refusal.

/** Somebody else's cloud that the run is about may stand on another machine. */
function cloudHosts(): string[] {
  if (inject('backend') !== 'external') return []
  const { endpoint } = inject('cloud')
  return [endpoint === undefined ? '*.amazonaws.com' : new URL(endpoint).hostname]
}

const guard = installEgressGuard({ allow: cloudHosts() })

// Node processes that tests start, such as the command line, are guarded too.
const inherited = process.env['NODE_OPTIONS'] ?? ''
const [option = ''] = guard.nodeOptions
if (!inherited.includes(option)) process.env['NODE_OPTIONS'] = `${inherited} ${option}`.trim()

// What names no seed of its own is drawn afresh in every run, and its failure says from which seed.
if (CHOSEN_SEED !== undefined) configureGlobal({ seed: CHOSEN_SEED })

function failIfAsked(): void {
  const attempts = guard.take()
  if (attempts.length > 0) throw new Error(describeEgress(attempts))
}

afterEach(failIfAsked)
setUpTestbeds()
// What hooks did, and what came after the last test.
afterAll(failIfAsked)

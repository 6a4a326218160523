import { describeEgress, installEgressGuard } from '@ticketing/testbed/egress'
import { setUpTestbeds } from '@ticketing/testbed/vitest'
import { configureGlobal } from 'fast-check'
import { afterAll, afterEach, inject } from 'vitest'
import { CHOSEN_SEED } from './seed.ts'

// Before every test file: nothing that a test starts may reach another machine. An attempt fails the running test, even
// if the code under test swallows the error.

/** The external cloud of the run may be on another machine, and may know this one by another name. */
function cloudHosts(): string[] {
  if (inject('backend') !== 'external') return []
  const { endpoint, vendors } = inject('cloud')
  const cloud = endpoint === undefined ? '*.amazonaws.com' : new URL(endpoint).hostname
  return [cloud, ...(vendors ? [vendors.reachedAs] : [])]
}

const guard = installEgressGuard({ allow: cloudHosts() })

// Node processes that tests start, such as the command line, are guarded too.
const inherited = process.env['NODE_OPTIONS'] ?? ''
const [option = ''] = guard.nodeOptions
if (!inherited.includes(option)) process.env['NODE_OPTIONS'] = `${inherited} ${option}`.trim()

// A property without its own seed gets a new one in every run. Its failure prints the seed.
if (CHOSEN_SEED !== undefined) configureGlobal({ seed: CHOSEN_SEED })

function failIfAsked(): void {
  const attempts = guard.take()
  if (attempts.length > 0) throw new Error(describeEgress(attempts))
}

afterEach(failIfAsked)
setUpTestbeds()
// For attempts of hooks, and after the last test.
afterAll(failIfAsked)

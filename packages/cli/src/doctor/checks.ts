import { checkAddress } from './check-address.ts'
import { checkClock, checkCredentials, checkFunctions, checkResources } from './check-aws.ts'
import { checkPermissions, type Role } from './check-permissions.ts'
import { checkSecrets } from './check-secret.ts'
import { checkBacklog, checkDeadLetters, checkDeadQueue } from './check-tickets.ts'
import { checkNews, checkSlackWebhooks, checkTrelloValues, checkTrelloWebhook } from './check-vendors.ts'
import type { Check } from './check.ts'
import type { Facts } from './facts.ts'

/** All checks, in the order of their lines: what comes first is the cause of what comes later. */
export function listChecks(role: Role): readonly Check<Facts>[] {
  return [
    {
      name: 'credentials',
      looksAt: 'STS: whose credentials these are',
      why: 'nothing else can be seen without them, and everything goes into their account',
      run: checkCredentials,
    },
    {
      name: 'clock',
      looksAt: 'the `Date` of AWS’s answer',
      why: 'AWS and the server refuse what is signed five minutes off; then every message of Teams is refused',
      run: checkClock,
    },
    {
      name: 'secret',
      looksAt: 'both secrets, and each key by itself',
      why: 'one wrong key stops the server, or a destination; what intake verifies with must not be readable by functions',
      run: checkSecrets,
    },
    {
      name: 'permissions',
      looksAt: 'IAM’s simulation of the policy of the operator, or of the server (`--as server`)',
      why: 'a missing permission shows only when it is needed: at a redrive, after an outage',
      run: (facts) => checkPermissions(facts, role),
    },
    {
      name: 'queue, bucket, policy, role, function, mapping, url, schedule',
      looksAt:
        'each resource, compared by the same plan as `up` makes: code, role, settings, whether the mapping is enabled',
      why: 'a resource that was removed or changed by hand stops deliveries, or opens what must be closed',
      run: checkResources,
    },
    {
      name: 'running',
      looksAt: 'each function’s state, last update and last result of its mapping',
      why: 'it can be there as described and fail all the same',
      run: checkFunctions,
    },
    {
      name: 'trello',
      looksAt: 'Trello: `trello-token` with its scope, `trello-board`, `trello-list`, `trello-done-list`',
      why: 'a token that was revoked, a list that was renamed or archived: medium tickets wait, then die',
      run: checkTrelloValues,
    },
    {
      name: 'trello-webhook',
      looksAt: 'the webhook of the board that calls this address: whether it is active, and its `consecutiveFailures`',
      why: 'Trello switches a failing webhook off; then what people do on the board comes late, by the sweep only',
      run: checkTrelloWebhook,
    },
    {
      name: 'slack',
      looksAt: 'Slack: `slack` and `slack-admin`, by an empty message, which Slack refuses',
      why: 'a webhook that was removed: high tickets wait, and no admin hears of dead ones',
      run: checkSlackWebhooks,
    },
    {
      name: 'workflows',
      looksAt: 'the form of the addresses in TEAMS_NOTIFY_URL',
      why: 'Microsoft has switched off two older kinds of address; a call would start the flow',
      run: checkNews,
    },
    {
      name: 'address',
      looksAt:
        'the public address: DNS, TLS, `health`, `ready`, a signed message (`self-test`), `callbacks`, and whether server and functions are of one `release`',
      why: 'Teams shows one and the same sentence for all that can go wrong there',
      run: checkAddress,
    },
    {
      name: 'dead-letters',
      looksAt: 'the archive of dead letters: those that wait for a person',
      why: 'each is a ticket that was accepted and not delivered',
      run: checkDeadLetters,
    },
    {
      name: 'dead-letter-queue',
      looksAt: 'the messages in the dead-letter queue',
      why: 'they are not in the archive yet, and no admin was notified',
      run: checkDeadQueue,
    },
    {
      name: 'backlog',
      looksAt: 'tickets that wait for their destination, and for how long the oldest one does',
      why: 'a vendor that is down for hours is seen here first',
      run: checkBacklog,
    },
  ]
}

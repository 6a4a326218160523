import { readNewsSecret, readTrelloSecret, type Clock } from 'ticket-core'
import { checkSlack, checkTrello, checkWorkflows, openTrelloCheck, type VendorFinding } from '../vendor-checks.ts'
import { findProblems, type Group, type Values } from './keys.ts'

export interface VendorOptions {
  readonly clock: Clock
  /** Trello's address where it is not its own. */
  readonly baseUrl?: string
  /** Whether simulators may stand in for the vendors. */
  readonly allowHttp: boolean
}

/** Asks the vendor of a group about its values, as far as they have the right form. */
export async function checkGroup(
  group: Group,
  values: Values,
  options: VendorOptions,
): Promise<readonly VendorFinding[]> {
  const wrong = new Set(findProblems(values, options.allowHttp).map(({ key }) => key))
  const rightOf = (key: string): string | undefined => (wrong.has(key) ? undefined : values[key])
  const json = JSON.stringify(values)
  switch (group) {
    case 'trello': {
      const read = readTrelloSecret(json, options)
      return read.ok ? checkTrello(read.value.trello, openTrelloCheck(read.value.trello, options)) : []
    }
    case 'slack': {
      const keys = ['SLACK_URL', 'ADMIN_SLACK_URL'] as const
      const asked = keys.flatMap((key) => {
        const url = rightOf(key)
        return url === undefined ? [] : [checkSlack(url, key, options.clock)]
      })
      return Promise.all(asked)
    }
    case 'news': {
      const read = readNewsSecret(json, options)
      const targets = read.ok ? Object.values(read.value.teamsNews ?? {}) : []
      if (targets.length === 0) return []
      return [checkWorkflows(targets.map(({ url }) => url))]
    }
    case 'aws':
    case 'teams':
    case 'callbacks':
      return []
  }
}

/** What all vendors say. */
export async function checkAll(values: Values, options: VendorOptions): Promise<readonly VendorFinding[]> {
  const groups: readonly Group[] = ['trello', 'slack', 'news']
  return (await Promise.all(groups.map((group) => checkGroup(group, values, options)))).flat()
}

/** The board's open lists, as far as key, token and board are right. */
export async function findListNames(values: Values, options: VendorOptions): Promise<readonly string[]> {
  const read = readTrelloSecret(JSON.stringify({ ...values, TRELLO_LIST_NAME: '-' }), options)
  const lists = read.ok ? await openTrelloCheck(read.value.trello, options).lists() : undefined
  return lists?.kind === 'right' ? lists.value : []
}

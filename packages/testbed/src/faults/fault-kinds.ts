import type { Fault, FaultKindAt } from './fault.ts'

const CALL = {
  'timeout-before-effect': true,
  'timeout-after-effect': true,
  reset: true,
  slow: true,
} as const
const SERVICE = { ...CALL, throttled: true, '5xx': true, denied: true } as const
const AWS = { ...SERVICE, 'too-many-files': true, 'damaged-page': true } as const
const WRITING = { ...AWS, 'disk-full': true } as const
const BATCH = { ...WRITING, 'batch-entry-failure': true } as const
const VENDOR = {
  ...CALL,
  '429': true,
  '5xx': true,
  '4xx': true,
  'timeout-late-effect': true,
  'half-answer': true,
} as const
const CALLBACK = { ...VENDOR, lost: true, duplicate: true, delayed: true, reordered: true } as const
const PROCESS = { crash: true, killed: true, 'timed-out': true } as const

/** The kinds of faults at each place, for checks at run time. The compiler checks that it is complete. */
export const FAULT_KINDS: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  'slack.*': VENDOR,
  'slack.postMessage': VENDOR,
  'slack.respond': VENDOR,
  'trello.*': VENDOR,
  'trello.createCard': VENDOR,
  'trello.getBoard': VENDOR,
  'trello.getList': VENDOR,
  'trello.listLists': VENDOR,
  'trello.listCards': VENDOR,
  'trello.getCard': VENDOR,
  'trello.updateCard': VENDOR,
  'trello.deleteCard': VENDOR,
  'trello.addComment': VENDOR,
  'trello.listActions': VENDOR,
  'trello.getAction': VENDOR,
  'trello.updateAction': VENDOR,
  'trello.deleteAction': VENDOR,
  'trello.listMembers': VENDOR,
  'trello.getMember': VENDOR,
  'trello.addMember': VENDOR,
  'trello.removeMember': VENDOR,
  'trello.listLabels': VENDOR,
  'trello.createLabel': VENDOR,
  'trello.addLabel': VENDOR,
  'trello.removeLabel': VENDOR,
  'trello.addAttachment': VENDOR,
  'trello.listAttachments': VENDOR,
  'trello.getToken': VENDOR,
  'trello.createWebhook': VENDOR,
  'trello.listWebhooks': VENDOR,
  'trello.getWebhook': VENDOR,
  'trello.updateWebhook': VENDOR,
  'trello.deleteWebhook': VENDOR,
  'workflows.*': VENDOR,
  'workflows.postCard': VENDOR,
  'callback.*': CALLBACK,
  'callback.trello': CALLBACK,
  'callback.trelloCheck': VENDOR,
  'callback.slack': CALLBACK,
  'sqs.*': AWS,
  'sqs.sendMessage': WRITING,
  'sqs.sendMessageBatch': BATCH,
  'sqs.receiveMessage': { ...WRITING, duplicate: true, reordered: true },
  'sqs.deleteMessage': WRITING,
  'sqs.deleteMessageBatch': BATCH,
  'sqs.changeMessageVisibility': WRITING,
  'sqs.changeMessageVisibilityBatch': BATCH,
  'sqs.getQueueUrl': SERVICE,
  'sqs.getQueueAttributes': AWS,
  's3.*': AWS,
  's3.getObject': { ...AWS, 'short-read': true },
  's3.putObject': { ...WRITING, conflict: true },
  's3.deleteObject': { ...WRITING, conflict: true },
  's3.listObjectsV2': AWS,
  'secretsManager.*': AWS,
  'secretsManager.getSecretValue': AWS,
  server: PROCESS,
  'function.*': PROCESS,
  'function.low': PROCESS,
  'function.medium': PROCESS,
  'function.high': PROCESS,
  'function.news': PROCESS,
  'function.events': PROCESS,
  'function.dead': PROCESS,
  clock: { jump: true },
  secret: { rotated: true },
} as const satisfies { readonly [Place in Fault['at']]: Readonly<Record<FaultKindAt<Place>, true>> }

const isProcess = (place: string): boolean => place === 'server' || place.startsWith('function.')

export const PLACES: readonly string[] = Object.keys(FAULT_KINDS)
export const PROCESS_PLACES: readonly string[] = PLACES.filter(isProcess)
/** Whether an edge, or all of them, is a vendor's call to us. */
export const isCallbackPlace = (place: string): boolean => place.startsWith('callback.')
/** Where a call of ours goes to, or the operations of a whole service. */
export const EDGE_PLACES: readonly string[] = PLACES.filter(
  (place) => !isProcess(place) && !isCallbackPlace(place) && place.includes('.'),
)
/** Outside of AWS. */
export const VENDOR_PLACES: readonly string[] = PLACES.filter(
  (place) => FAULT_KINDS[place] === VENDOR || FAULT_KINDS[place] === CALLBACK,
)

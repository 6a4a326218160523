import { type Shape, asShape } from './json-shape.ts'
import { PRIORITIES } from './priority.ts'
import { type Result, fail, succeed } from './result.ts'
import type { Link, Reporter, Ticket } from './ticket.ts'
import { readTicketId } from './ticket-id.ts'

/** Reads a ticket from JSON; the failure names the field that is not valid. Unknown keys are left out. */
export function readTicket(value: unknown): Result<Ticket, string> {
  const shape = asShape(value)
  if (!shape) return fail('there is no ticket in it')
  const text = (name: string): string | undefined => {
    const found = shape[name]
    return typeof found === 'string' ? found : undefined
  }
  const { title, description, source, createdAt } = {
    title: text('title'),
    description: text('description'),
    source: text('source'),
    createdAt: text('createdAt'),
  }
  const id = text('id')
  const priority = PRIORITIES.find((one) => one === shape['priority'])
  const links = readLinks(shape['links'])
  if (id === undefined || readTicketId(id) !== id) return fail('its id is not a ticket id')
  if (source === undefined || !/^[0-9a-f]{64}$/.test(source)) return fail('its source is not a SHA-256 in hex')
  if (createdAt === undefined || !isInstant(createdAt)) return fail('its createdAt is not a UTC instant')
  if (!priority) return fail('its priority is not low, medium or high')
  if (title === undefined || title === '') return fail('its title is missing')
  if (description === undefined) return fail('its description is missing')
  if (!links) return fail('its links are not a list of texts and addresses')
  const optional = readOptional(shape)
  if (!optional) return fail('one of its optional fields is not as it was written')
  return succeed({ id, source, createdAt, title, priority, description, links, ...optional })
}

const OPTIONAL_TEXTS = ['steps', 'tenantId', 'teamId', 'channelId', 'conversationId', 'messageId', 'locale'] as const
type Optional = Partial<Record<(typeof OPTIONAL_TEXTS)[number], string>> & { readonly reporter?: Reporter }

function readOptional(shape: Shape): Optional | undefined {
  const found: Partial<Record<(typeof OPTIONAL_TEXTS)[number], string>> = {}
  for (const name of OPTIONAL_TEXTS) {
    const value = shape[name]
    if (value === undefined) continue
    if (typeof value !== 'string') return undefined
    found[name] = value
  }
  if (shape['reporter'] === undefined) return found
  const reporter = readReporter(asShape(shape['reporter']))
  return reporter && { ...found, reporter }
}

function readReporter(shape: Shape | undefined): Reporter | undefined {
  const { name, aadObjectId } = shape ?? {}
  if (typeof name !== 'string') return undefined
  if (aadObjectId === undefined) return { name }
  return typeof aadObjectId === 'string' ? { name, aadObjectId } : undefined
}

function readLinks(value: unknown): Link[] | undefined {
  if (!Array.isArray(value)) return undefined
  const links: Link[] = []
  for (const one of value) {
    const { text, url } = asShape(one) ?? {}
    if (typeof text !== 'string' || typeof url !== 'string') return undefined
    links.push({ text, url })
  }
  return links
}

/** Accepts only the form that we write. */
function isInstant(text: string): boolean {
  const at = Date.parse(text)
  return !Number.isNaN(at) && new Date(at).toISOString() === text
}

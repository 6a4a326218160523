import { AwsError } from '../service.ts'
import { readScalar } from './scalar.ts'
import type { RouteMatch } from './match-route.ts'
import type { WireRequest } from './protocol.ts'
import type { Member, Shape, TimestampFormat } from './shape.ts'

/** Labels, query and headers of a REST request as typed members; the body is the protocol's own. */
export function readBindings({ operation, labels }: RouteMatch, request: WireRequest): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const member of operation.input.members) {
    const value = readBinding(member, labels, request)
    if (value !== undefined) input[member.name] = value
  }
  return input
}

function readBinding(member: Member, labels: RouteMatch['labels'], request: WireRequest): unknown {
  if (member.label) return readText(member, labels[member.name], 'date-time')
  if (member.query !== undefined) return readQuery(member, request.query.getAll(member.query))
  if (member.header !== undefined) return readHeader(member, request.headers[member.header.toLowerCase()])
  if (member.headerPrefix !== undefined) return readPrefixed(member.headerPrefix.toLowerCase(), request.headers)
  return undefined
}

function readQuery(member: Member, values: readonly string[]): unknown {
  if (values.length === 0) return undefined
  const { shape } = member
  if (shape.kind === 'list') return values.map((value) => scalar(shape.item.shape, value, 'date-time'))
  return readText(member, values[0], 'date-time')
}

function readHeader(member: Member, value: string | undefined): unknown {
  if (value === undefined) return undefined
  const { shape } = member
  if (shape.kind === 'list') return value.split(',').map((item) => scalar(shape.item.shape, item.trim(), 'http-date'))
  return readText(member, value, 'http-date')
}

function readPrefixed(prefix: string, headers: WireRequest['headers']): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix))
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

function readText(member: Member, text: string | undefined, format: TimestampFormat): unknown {
  if (text === undefined) return undefined
  // An empty number or date means none: S3's clients send `max-keys=`.
  if (text === '' && member.shape.kind !== 'string') return undefined
  const value = scalar(member.shape, text, format)
  // An invalid date is ignored (RFC 9110, 5.6.7), as S3 handles `If-Modified-Since`.
  if (value !== undefined || member.shape.kind === 'timestamp') return value
  throw new AwsError(
    'InvalidArgument',
    `Provided ${member.query ?? member.header ?? member.name} is not valid: ${text}`,
    { status: 400 },
  )
}

function scalar(shape: Shape, text: string, format: TimestampFormat): unknown {
  if (shape.kind === 'structure' || shape.kind === 'list' || shape.kind === 'map') return text
  return readScalar(shape, text, format)
}

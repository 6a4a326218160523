import { NormalizedSchema } from '@smithy/core/schema'
import { once } from '../once.ts'

/** A type of AWS's model, as far as the protocols need it. */
export type Shape = Scalar | ListShape | MapShape | StructureShape

export interface Scalar {
  readonly kind: 'string' | 'boolean' | 'number' | 'blob' | 'timestamp' | 'document'
  /** Only for timestamps, and only where the model names a format; else the binding decides. */
  readonly format?: TimestampFormat
}

export type TimestampFormat = 'date-time' | 'whole-seconds' | 'http-date' | 'epoch-seconds'

export interface ListShape {
  readonly kind: 'list'
  readonly item: Member
}

export interface MapShape {
  readonly kind: 'map'
  readonly key: Member
  readonly value: Member
}

export interface StructureShape {
  readonly kind: 'structure'
  readonly name: string
  readonly xmlName: string | undefined
  readonly members: readonly Member[]
}

/** A member with its bindings: at most one of header, query, label, prefix, payload, status; else it is in the body. */
export interface Member {
  readonly name: string
  readonly shape: Shape
  readonly required: boolean
  readonly xmlName: string | undefined
  readonly xmlFlattened: boolean
  readonly xmlAttribute: boolean
  readonly xmlNamespace: readonly [prefix: string, uri: string] | undefined
  readonly jsonName: string | undefined
  readonly header: string | undefined
  readonly query: string | undefined
  readonly allQuery: boolean
  readonly label: boolean
  readonly headerPrefix: string | undefined
  readonly payload: boolean
  readonly status: boolean
  /** The SDK sets it if the caller does not. */
  readonly isToken: boolean
}

export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0]

const known = new WeakMap<object, Shape>()

/**
 * The shape of a schema that an SDK client exports. Members are read on first use, since models are recursive.
 * The schema format: https://github.com/smithy-lang/smithy-typescript, `packages/core/src/submodules/schema`.
 */
export function readShape(ref: SchemaRef): Shape {
  return shapeOf(NormalizedSchema.of(ref))
}

function shapeOf(schema: NormalizedSchema): Shape {
  const target: unknown = schema.getSchema()
  if (typeof target !== 'object' || target === null) return makeShape(schema)
  const before = known.get(target)
  if (before) return before
  const made = makeShape(schema)
  known.set(target, made)
  return made
}

function makeShape(schema: NormalizedSchema): Shape {
  if (schema.isStructSchema()) return structureOf(schema)
  if (schema.isListSchema()) {
    const item = once(() => readMember(schema.getValueSchema(), false))
    return { kind: 'list', get item() { return item() } } // prettier-ignore
  }
  if (schema.isMapSchema()) {
    const key = once(() => readMember(schema.getKeySchema(), true))
    const value = once(() => readMember(schema.getValueSchema(), false))
    return { kind: 'map', get key() { return key() }, get value() { return value() } } // prettier-ignore
  }
  if (schema.isTimestampSchema()) return timestampOf(schema.getSchema())
  if (schema.isBlobSchema()) return { kind: 'blob' }
  if (schema.isBooleanSchema()) return { kind: 'boolean' }
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return { kind: 'number' }
  if (schema.isDocumentSchema()) return { kind: 'document' }
  if (schema.isUnitSchema()) return emptyStructure
  return { kind: 'string' }
}

const emptyStructure: StructureShape = { kind: 'structure', name: 'Unit', xmlName: undefined, members: [] }

function structureOf(schema: NormalizedSchema): StructureShape {
  const members = once(() => {
    const required = requiredCount(schema.getSchema())
    return [...schema.structIterator()].map(([, member], index) => readMember(member, index < required))
  })
  const xmlName = schema.getOwnTraits().xmlName
  return {
    kind: 'structure',
    name: schema.getName() ?? '',
    xmlName: typeof xmlName === 'string' ? xmlName : undefined,
    get members() {
      return members()
    },
  }
}

function timestampOf(code: unknown): Scalar {
  const format = code === 5 ? 'date-time' : code === 6 ? 'http-date' : code === 7 ? 'epoch-seconds' : undefined
  return { kind: 'timestamp', ...(format && { format }) }
}

/** A structure's seventh element: how many of its members are required; these come first. */
function requiredCount(schema: unknown): number {
  const count: unknown = Array.isArray(schema) ? schema[6] : undefined
  return typeof count === 'number' ? count : 0
}

function readMember(schema: NormalizedSchema, required: boolean): Member {
  const traits: Readonly<Record<string, unknown>> = { ...schema.getMergedTraits() }
  const own: Readonly<Record<string, unknown>> = { ...schema.getMemberTraits() }
  const text = (name: string): string | undefined => {
    const value = traits[name]
    return typeof value === 'string' ? value : undefined
  }
  const namespace = traits['xmlNamespace']
  const ownName = own['xmlName']
  return {
    name: schema.getMemberName(),
    shape: shapeOf(schema),
    required,
    xmlName: typeof ownName === 'string' ? ownName : undefined,
    xmlFlattened: Boolean(traits['xmlFlattened']),
    xmlAttribute: Boolean(traits['xmlAttribute']),
    xmlNamespace: Array.isArray(namespace) ? [String(namespace[0] ?? ''), String(namespace[1])] : undefined,
    jsonName: text('jsonName'),
    header: text('httpHeader'),
    query: text('httpQuery'),
    allQuery: Boolean(traits['httpQueryParams']),
    label: Boolean(traits['httpLabel']),
    headerPrefix: text('httpPrefixHeaders'),
    payload: Boolean(traits['httpPayload']),
    status: Boolean(traits['httpResponseCode']),
    isToken: Boolean(traits['idempotencyToken']),
  }
}

import { NormalizedSchema } from '@smithy/core/schema'
import { readShape, type SchemaRef, type StructureShape } from './shape.ts'

/** The API of one AWS service: its operations, errors and protocol, read from its SDK client's exports. */
export interface Api extends ApiSettings {
  readonly operations: ReadonlyMap<string, OperationShape>
  /** By the schema's name, and by the query protocol's code. */
  readonly errors: ReadonlyMap<string, ErrorShape>
}

export interface ApiSettings {
  /** As in `Service.name`; also the name in the credential scope. */
  readonly name: string
  readonly protocol: 'aws-json' | 'query' | 'rest-json' | 'rest-xml'
  /** Model version, as form requests carry it. */
  readonly version: string
  /** XML namespace of answers. */
  readonly namespace?: string
  /** First part of `x-amz-target`, and the media type of the JSON protocols. */
  readonly target?: string
  readonly jsonVersion?: '1.0' | '1.1'
  /** Query protocol beside JSON: SQS. */
  readonly queryCompatible?: boolean
  /** Codes without a schema that have another name as JSON type. */
  readonly jsonTypes?: Readonly<Record<string, string>>
  /** Codes that have another message in the query protocol. */
  readonly queryMessages?: Readonly<Record<string, string>>
}

export interface OperationShape {
  readonly name: string
  readonly input: StructureShape
  readonly output: StructureShape
  /** The model gives no output at all: answers have no body. */
  readonly silent: boolean
  readonly http: HttpTrait | undefined
}

interface HttpTrait {
  readonly method: string
  readonly path: string
  readonly status: number
}

interface ErrorShape {
  readonly name: string
  readonly namespace: string
  readonly status: number | undefined
  /** The code of the query protocol. */
  readonly queryCode: string | undefined
  readonly fault: 'client' | 'server'
  readonly structure: StructureShape
}

/** Reads the operations and errors out of everything that an SDK client's module exports. */
export function readApi(settings: ApiSettings, exported: Readonly<Record<string, unknown>>): Api {
  const operations = new Map<string, OperationShape>()
  const errors = new Map<string, ErrorShape>()
  for (const value of Object.values(exported)) {
    if (!isSchema(value)) continue
    if (value[0] === operationTag) operations.set(value[2], readOperation(value))
    if (value[0] !== errorTag) continue
    const error = readError(value)
    errors.set(error.name, error)
    if (error.queryCode !== undefined) errors.set(error.queryCode, error)
  }
  return { ...settings, operations, errors }
}

// https://github.com/smithy-lang/smithy-typescript: `StaticOperationSchema` and `StaticErrorSchema` of @smithy/types.
const operationTag = 9
const errorTag = -3

type ExportedSchema = readonly [number, string, string, unknown, unknown, unknown, ...unknown[]]

function isSchema(value: unknown): value is ExportedSchema {
  return Array.isArray(value) && value.length >= 6 && typeof value[0] === 'number' && typeof value[2] === 'string'
}

function readOperation([, , name, traits, input, output]: ExportedSchema): OperationShape {
  const out = resolve(output)
  return { name, input: structure(input), output: structure(output), silent: out === 'unit', http: readHttp(traits) }
}

function readHttp(traits: unknown): HttpTrait | undefined {
  const http = record(traits)['http']
  if (!Array.isArray(http)) return undefined
  return { method: String(http[0]), path: String(http[1]), status: Number(http[2]) }
}

function readError(schema: ExportedSchema): ErrorShape {
  const [, namespace, name, traits] = schema
  const { httpError, awsQueryError, error } = record(traits)
  return {
    name,
    namespace,
    status: typeof httpError === 'number' ? httpError : undefined,
    queryCode: Array.isArray(awsQueryError) ? String(awsQueryError[0]) : undefined,
    fault: error === 'server' ? 'server' : 'client',
    structure: structure(schema),
  }
}

function structure(ref: unknown): StructureShape {
  if (!isSchemaRef(ref)) throw new TypeError('An SDK client exports a schema of an unknown form.')
  const shape = readShape(ref)
  if (shape.kind !== 'structure') throw new TypeError(`Expected a structure, got a ${shape.kind}.`)
  return shape
}

function isSchemaRef(ref: unknown): ref is SchemaRef {
  return ref instanceof NormalizedSchema || typeof ref === 'function' || Array.isArray(ref) || typeof ref === 'string'
}

function resolve(ref: unknown): unknown {
  return isThunk(ref) ? ref() : ref
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isThunk(ref: unknown): ref is () => unknown {
  return typeof ref === 'function'
}

import { type Result, fail, succeed } from './result.ts'

/** What is wrong with one key. Never holds the value. */
export interface SecretProblem {
  readonly key: string
  readonly problem: 'missing' | 'malformed'
  readonly expected: string
  /** True for a key of intake's own secret, see {@link intakeSecretId}. */
  readonly inIntake?: true
}

/** How a secret is read. */
export interface SecretOptions {
  /**
   * The JSON of intake's own secret: then the tokens come only from there, and what verifies callbacks first from there.
   * Absent if there is none: all is in the one secret.
   */
  readonly intake?: string | undefined
  /** Whether addresses may be `http`, as those of simulators: where an emulator replaces AWS. @default false */
  readonly allowHttp?: boolean
}

/** Reads a part of the secret's JSON and ignores the rest, so that a function holds only what it needs. */
export type SecretReader<Value> = (json: string, options?: SecretOptions) => Result<Value, readonly SecretProblem[]>

/** The keys of a secret that is being read: what is wrong with them is collected. */
export interface Keys {
  readonly problems: SecretProblem[]
  readonly allowHttp: boolean
  readonly optional: (key: string, expected: string, isRight: (value: string) => boolean) => string | undefined
  readonly required: (key: string, expected: string, isRight: (value: string) => boolean) => string
}

/** Reads a secret's JSON, key by key. */
export function readKeys<Value>(
  json: string,
  options: SecretOptions,
  read: (keys: Keys) => Value,
): Result<Value, readonly SecretProblem[]> {
  const values = parseObject(json)
  if (!values) return fail([{ key: '(whole secret)', problem: 'malformed', expected: 'a JSON object of strings' }])
  const keys = openKeys(values, options)
  const value = read(keys)
  return keys.problems.length > 0 ? fail(keys.problems) : succeed(value)
}

function openKeys(values: Readonly<Record<string, unknown>>, { allowHttp = false }: SecretOptions): Keys {
  const problems: SecretProblem[] = []
  const optional: Keys['optional'] = (key, expected, isRight) => {
    // What is an object of its own, such as the targets of news, may be written as one or as its JSON.
    const value = asJson(values[key])
    if (value === undefined || value === null || value === '') return undefined
    if (typeof value === 'string' && isRight(value.trim())) return value.trim()
    problems.push({ key, problem: 'malformed', expected })
    return undefined
  }
  const required: Keys['required'] = (key, expected, isRight) => {
    const before = problems.length
    const value = optional(key, expected, isRight)
    if (value === undefined && problems.length === before) problems.push({ key, problem: 'missing', expected })
    return value ?? ''
  }
  return { problems, allowHttp, optional, required }
}

/** True for any text but none. */
export function filled(value: string): boolean {
  return value.length > 0
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    // Windows editors begin a file with a byte order mark.
    const value: unknown = JSON.parse(json.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function asJson(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

import type { Api, OperationShape } from './api.ts'

/** The operation that a REST request means, with the labels of its path, decoded. */
export interface RouteMatch {
  readonly operation: OperationShape
  readonly labels: Readonly<Record<string, string>>
}

export interface RouteRequest {
  readonly method: string
  /** Still encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
}

interface Route {
  readonly operation: OperationShape
  readonly method: string
  readonly path: RegExp
  readonly labels: readonly string[]
  /** Query keys that must be there, with the value that they must have, if any. */
  readonly query: readonly (readonly [key: string, value: string])[]
  readonly headers: readonly string[]
}

const compiled = new WeakMap<Api, readonly Route[]>()

/** The most specific route that fits: literal path first, then required query keys, then required headers. */
export function matchRoute(api: Api, request: RouteRequest): RouteMatch | undefined {
  const routes = compiled.get(api) ?? compileRoutes(api)
  compiled.set(api, routes)
  for (const route of routes) {
    if (route.method !== request.method || !meets(route, request)) continue
    const match = route.path.exec(request.path)
    if (!match) continue
    const labels = Object.fromEntries(route.labels.map((label, index) => [label, decode(match[index + 1] ?? '')]))
    return { operation: route.operation, labels }
  }
  return undefined
}

function meets({ query, headers }: Route, request: RouteRequest): boolean {
  const asked = query.every(
    ([key, value]) => request.query.has(key) && (value === '' || request.query.get(key) === value),
  )
  return asked && headers.every((header) => request.headers[header] !== undefined)
}

function compileRoutes(api: Api): readonly Route[] {
  const routes = [...api.operations.values()].flatMap((operation) => compileRoute(operation) ?? [])
  return routes.toSorted((a, b) => rank(b) - rank(a))
}

function rank({ path, labels, query, headers }: Route): number {
  const literals = path.source.split('\\/').length - labels.length
  return literals * 100 + labels.length * 10 + query.length * 2 + headers.length
}

function compileRoute(operation: OperationShape): Route | undefined {
  if (!operation.http) return undefined
  const [template = '/', literalQuery = ''] = operation.http.path.split('?')
  // S3's templates expect the bucket in the host name; here it is the path's first part.
  const inHost =
    operation.input.members.some(({ name, label }) => name === 'Bucket' && label) && !template.includes('{Bucket}')
  const whole = inHost ? `/{Bucket}${template === '/' ? '' : template}` : template
  const labels = [...whole.matchAll(/\{(\w+)\+?\}/g)].map(([, label]) => label ?? '')
  const source = whole.replaceAll(/\{\w+\+\}/g, '(.+)').replaceAll(/\{\w+\}/g, '([^/]+)')
  return {
    operation,
    method: operation.http.method,
    path: new RegExp(`^${source}/?$`, 's'),
    labels,
    query: [...requiredQuery(operation), ...literals(literalQuery)],
    headers: operation.input.members.flatMap(({ required, header }) =>
      required && header !== undefined ? [header.toLowerCase()] : [],
    ),
  }
}

function requiredQuery(operation: OperationShape): [string, string][] {
  return operation.input.members.flatMap(({ required, query }): [string, string][] =>
    required && query !== undefined ? [[query, '']] : [],
  )
}

// `x-id` only names the operation for logs; clients other than the SDK leave it out.
function literals(query: string): [string, string][] {
  return [...new URLSearchParams(query)].filter(([key]) => key !== 'x-id')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

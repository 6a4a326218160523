import { Readable } from 'node:stream'
import type { AwsClientOptions } from '../src/aws/index.ts'

/** A request as an AWS client hands it to the network. */
export interface AwsCall {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** `SendMessageBatch`, of the JSON services. */
  readonly action: string
}

export interface AwsAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface WireRequest {
  readonly method: string
  readonly hostname: string
  readonly path: string
  readonly query: Record<string, string | string[] | null>
  readonly headers: Record<string, string>
  readonly body?: unknown
}

export const HANG = 'hang'

/** Options of a client whose network is this function: it answers, throws as the network would, or hangs. */
export function fakeAws(
  answer: (call: AwsCall) => AwsAnswer | typeof HANG | Promise<AwsAnswer | typeof HANG>,
): AwsClientOptions & { readonly requestHandler: object } {
  const requestHandler = {
    async handle(request: WireRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
      const made = await answer(readCall(request))
      if (made === HANG) {
        await new Promise((_, reject) => {
          abortSignal?.addEventListener('abort', () =>
            reject(Object.assign(new Error('aborted'), { name: 'AbortError' })),
          )
        })
        throw new Error('unreachable')
      }
      const body = Readable.from([Buffer.from(made.body ?? '')])
      return { response: { statusCode: made.status, headers: { ...made.headers }, body } }
    },
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig: () => {},
    destroy: () => {},
  }
  return {
    region: 'eu-central-1',
    endpoint: 'http://aws.test:4566',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler,
  }
}

function readCall({ method, hostname, path, query, headers, body }: WireRequest): AwsCall {
  return {
    method,
    host: hostname,
    path,
    query,
    headers,
    body: typeof body === 'string' ? body : body instanceof Uint8Array ? new TextDecoder().decode(body) : '',
    action: (headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
  }
}

/** An error of a JSON service. */
export function jsonError(name: string, status = 400): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: `com.amazonaws.test#${name}`, message: `${name} happened` }),
  }
}

/** An error of S3. */
export function s3Error(name: string, status: number): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${name}</Code><Message>${name} happened</Message></Error>`,
  }
}

/** What Node reports when the network fails with this code. */
export function networkError(code: string, syscall = 'read'): Error {
  return Object.assign(new Error(`${syscall} ${code} 10.0.0.1:443`), { code, syscall })
}

import { formOf } from './aws-query.ts'
import { apiSettings, isServiceName, type ServiceName } from './apis.ts'
import type { Credential } from './credential.ts'
import type { WireRequest } from './protocol.ts'

/** A request's service and protocol. */
export interface Detected {
  readonly service: ServiceName
  readonly protocol: 'aws-json' | 'query' | 'rest-json' | 'rest-xml'
}

/** In this order: the target header, the action of a form, the credential's scope, Lambda's dated paths, else S3. */
export function detectService(request: WireRequest, credential: Credential | undefined): Detected {
  const target = request.headers['x-amz-target']
  if (target !== undefined) {
    const prefix = target.slice(0, target.lastIndexOf('.'))
    const api = Object.values(apiSettings).find((settings) => settings.target === prefix)
    if (api && isServiceName(api.name)) return { service: api.name, protocol: 'aws-json' }
  }
  const scope = credential?.service ?? ''
  const scoped = isServiceName(scope) ? scope : undefined
  const form = readAction(request, scoped)
  if (form) return form
  if (scoped) return { service: scoped, protocol: apiSettings[scoped].protocol }
  // Lambda versions its paths by date: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
  if (/^\/20\d\d-\d\d-\d\d\//.test(request.path)) return { service: 'lambda', protocol: 'rest-json' }
  return { service: 's3', protocol: 'rest-xml' }
}

function readAction(request: WireRequest, scoped: ServiceName | undefined): Detected | undefined {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (!isForm && !(request.method === 'GET' && request.query.has('Action'))) return undefined
  if (scoped === 's3' || scoped === 'lambda') return undefined
  const form = formOf(request)
  const version = form.get('Version')
  if (scoped === undefined && !form.has('Action')) return undefined
  const byVersion = Object.values(apiSettings).find((settings) => settings.version === version)?.name
  const service = scoped ?? byVersion ?? 'sqs'
  return isServiceName(service) ? { service, protocol: 'query' } : undefined
}

import { randomUUID } from 'node:crypto'
import { loadApi } from './wire/apis.ts'
import { readCredential } from './wire/credential.ts'
import { detectService } from './wire/detect.ts'
import { protocols } from './wire/protocols.ts'
import { readWire } from './wire/read-wire.ts'
import type { CloudRequest, CloudResponse } from './http.ts'
import type { AwsError } from './service.ts'

/** Rejects a request before it reaches a service, in the error format of its client. */
export async function refuseCall(request: CloudRequest, error: AwsError): Promise<CloudResponse> {
  const wire = readWire(request, 0)
  const detected = detectService(wire, readCredential(wire.headers, wire.query))
  const api = await loadApi(detected.service)
  const { method } = request
  return protocols[detected.protocol].writeError({ api, error, requestId: randomUUID(), method })
}

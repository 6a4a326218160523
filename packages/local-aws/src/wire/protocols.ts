import { awsJson } from './aws-json.ts'
import { awsQuery } from './aws-query.ts'
import { restJson } from './rest-json.ts'
import { restXml } from './rest-xml.ts'
import type { Detected } from './detect.ts'
import type { Protocol } from './protocol.ts'

/** The four protocols of this cloud's services. */
export const protocols: Readonly<Record<Detected['protocol'], Protocol>> = {
  'aws-json': awsJson,
  query: awsQuery,
  'rest-json': restJson,
  'rest-xml': restXml,
}

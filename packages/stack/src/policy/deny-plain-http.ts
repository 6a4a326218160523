import { type PolicyDocument, policyOf } from './policy-document.ts'

/**
 * A resource policy that refuses every call that did not come over TLS.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export function denyPlainHttp(service: 's3' | 'sqs', resources: readonly string[]): PolicyDocument {
  return policyOf({
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: [`${service}:*`],
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  })
}

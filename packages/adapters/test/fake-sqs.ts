import { createHash } from 'node:crypto'
import type { AwsAnswer, AwsCall } from './fake-aws.ts'

export interface SqsEntry {
  readonly Id: string
  readonly MessageBody: string
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>
}

export interface SqsBatch {
  readonly QueueUrl: string
  readonly Entries: readonly SqsEntry[]
}

export function readBatch({ body }: AwsCall): SqsBatch {
  return JSON.parse(body)
}

/** The answer that takes every entry, but those for which `fail` gives a failure. */
export function answerBatch(
  { Entries }: SqsBatch,
  fail: (entry: SqsEntry) => { readonly Code: string; readonly SenderFault: boolean } | undefined = () => undefined,
): AwsAnswer {
  const failed = Entries.map((entry) => ({ entry, failure: fail(entry) }))
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      Successful: failed
        .filter(({ failure }) => !failure)
        .map(({ entry }) => ({
          Id: entry.Id,
          MessageId: `m-${entry.Id}`,
          MD5OfMessageBody: createHash('md5').update(entry.MessageBody).digest('hex'),
        })),
      Failed: failed
        .filter(({ failure }) => failure)
        .map(({ entry, failure }) => ({ Id: entry.Id, Code: failure?.Code, SenderFault: failure?.SenderFault })),
    }),
  }
}

import { DeleteQueueCommand, GetQueueUrlCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs'
import { unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import type { Removal } from '../removal.ts'
import { countMessages, isQueueEmpty } from './count-messages.ts'

/** Deletes the queue if it has our tags and is empty, or if data may be deleted. */
export const removeQueue: Removal = async (name, { clients, prefix, deleteData }) => {
  const { sqs } = clients
  const found = await unlessAbsent(() => sqs.send(new GetQueueUrlCommand({ QueueName: name })))
  const QueueUrl = found?.QueueUrl
  if (!QueueUrl) return { kind: 'absent' }
  const { Tags: tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }))
  if (!isManaged(tags, prefix)) return { kind: 'left', why: 'not-managed' }
  if (!deleteData && !(await isQueueEmpty(sqs, QueueUrl))) {
    const { visible, inFlight, delayed } = await countMessages(sqs, QueueUrl)
    return { kind: 'left', why: 'holds-data', holds: `messages (about ${visible + inFlight + delayed || 1})` }
  }
  await unlessAbsent(() => sqs.send(new DeleteQueueCommand({ QueueUrl })))
  return { kind: 'removed' }
}

import { expect, test } from 'vitest'
import { callForm, callJson, signedFor } from '../../testing/call-raw.ts'
import { startAccount, type TestAccount } from '../../testing/start-account.ts'

// Answers that AWS gave, as localstack/localstack recorded them on real AWS (Apache-2.0, at its 4.14 release:
// tests/aws/services/sqs/test_sqs.snapshot.json). `provokedBy` is the test there. FIFO queues are left out.
interface Recorded {
  readonly provokedBy: string
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly code: string
  readonly message: string
  readonly queryErrorCode: string
  readonly status?: number
}

const QueueUrl = 'http://cloud.test:4566/000000000000/q'
const mebibyte = 'x'.repeat(1_048_576)
const twenty = (entry: Record<string, unknown>) =>
  Array.from({ length: 20 }, (_, index) => ({ Id: `e${index}`, ...entry }))
const groupReason =
  'Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.'

const recorded: readonly Recorded[] = [
  {
    provokedBy: 'test_send_message_batch_with_oversized_contents',
    operation: 'SendMessageBatch',
    input: {
      QueueUrl,
      Entries: [
        { Id: '1', MessageBody: mebibyte },
        { Id: '2', MessageBody: 'a' },
      ],
    },
    code: 'AWS.SimpleQueueService.BatchRequestTooLong',
    message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    queryErrorCode: 'BatchRequestTooLong',
  },
  {
    provokedBy: 'test_invalid_batch_id',
    operation: 'SendMessageBatch',
    input: { QueueUrl, Entries: [{ Id: 'message:(123e4567)', MessageBody: 'a' }] },
    code: 'AWS.SimpleQueueService.InvalidBatchEntryId',
    message:
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    queryErrorCode: 'InvalidBatchEntryId',
  },
  {
    provokedBy: 'test_delete_message_batch_invalid_msg_id',
    operation: 'DeleteMessageBatch',
    input: { QueueUrl, Entries: [{ Id: '', ReceiptHandle: 'r' }] },
    code: 'AWS.SimpleQueueService.InvalidBatchEntryId',
    message:
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    queryErrorCode: 'InvalidBatchEntryId',
  },
  {
    provokedBy: 'test_too_many_entries_in_batch_request',
    operation: 'SendMessageBatch',
    input: { QueueUrl, Entries: twenty({ MessageBody: 'a' }) },
    code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    message: 'Maximum number of entries per request are 10. You have sent 20.',
    queryErrorCode: 'TooManyEntriesInBatchRequest',
  },
  {
    provokedBy: 'test_delete_message_batch_with_too_large_batch',
    operation: 'DeleteMessageBatch',
    input: { QueueUrl, Entries: twenty({ ReceiptHandle: 'r' }) },
    code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    message: 'Maximum number of entries per request are 10. You have sent 20.',
    queryErrorCode: 'TooManyEntriesInBatchRequest',
  },
  {
    provokedBy: 'test_non_existent_queue',
    operation: 'GetQueueUrl',
    input: { QueueName: 'nobody' },
    code: 'AWS.SimpleQueueService.NonExistentQueue',
    message: 'The specified queue does not exist.',
    queryErrorCode: 'QueueDoesNotExist',
  },
  {
    provokedBy: 'test_create_standard_queue_with_fifo_attribute_raises_error: content-based-deduplication',
    operation: 'CreateQueue',
    input: { QueueName: 'other', Attributes: { ContentBasedDeduplication: 'false' } },
    code: 'InvalidAttributeName',
    message: 'Unknown Attribute ContentBasedDeduplication.',
    queryErrorCode: 'InvalidAttributeName',
  },
  {
    provokedBy: 'test_create_standard_queue_with_fifo_attribute_raises_error: deduplication-scope',
    operation: 'CreateQueue',
    input: { QueueName: 'other', Attributes: { DeduplicationScope: 'queue' } },
    code: 'InvalidAttributeName',
    message: 'You can specify the DeduplicationScope only when FifoQueue is set to true.',
    queryErrorCode: 'InvalidAttributeName',
  },
  {
    provokedBy: 'test_create_standard_queue_with_fifo_attribute_raises_error: throughput-limit',
    operation: 'CreateQueue',
    input: { QueueName: 'other', Attributes: { FifoThroughputLimit: 'perQueue' } },
    code: 'InvalidAttributeName',
    message: 'You can specify the FifoThroughputLimit only when FifoQueue is set to true.',
    queryErrorCode: 'InvalidAttributeName',
  },
  {
    provokedBy: 'test_set_unsupported_attribute_fifo: invalid-attr-name-1',
    operation: 'SetQueueAttributes',
    input: { QueueUrl, Attributes: { FifoQueue: 'false' } },
    code: 'InvalidAttributeName',
    message: 'Unknown Attribute FifoQueue.',
    queryErrorCode: 'InvalidAttributeName',
  },
  {
    provokedBy: 'test_set_unsupported_attribute_fifo: invalid-attr-name-2',
    operation: 'SetQueueAttributes',
    input: { QueueUrl, Attributes: { FifoQueue: 'true' } },
    code: 'InvalidAttributeValue',
    message: 'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
    queryErrorCode: 'InvalidAttributeValue',
  },
  {
    provokedBy: 'test_send_receive_max_number_of_messages',
    operation: 'ReceiveMessage',
    input: { QueueUrl, MaxNumberOfMessages: 11 },
    code: 'InvalidParameterValue',
    message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_send_oversized_message',
    operation: 'SendMessage',
    input: { QueueUrl, MessageBody: `${mebibyte}x` },
    code: 'InvalidParameterValue',
    message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_send_message_with_updated_maximum_message_size',
    operation: 'SendMessage',
    input: { QueueUrl: 'http://cloud.test:4566/000000000000/small', MessageBody: 'x'.repeat(1025) },
    code: 'InvalidParameterValue',
    message: 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_send_message_with_empty_string_attribute',
    operation: 'SendMessage',
    input: {
      QueueUrl,
      MessageBody: 'a',
      MessageAttributes: { ErrorDetails: { StringValue: '', DataType: 'String' } },
    },
    code: 'InvalidParameterValue',
    message: "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_sqs_permission_lifecycle: same label',
    operation: 'AddPermission',
    input: { QueueUrl, Label: 'crossaccountpermission', AWSAccountIds: ['668614515564'], Actions: ['ReceiveMessage'] },
    code: 'InvalidParameterValue',
    message: 'Value crossaccountpermission for parameter Label is invalid. Reason: Already exists.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_sqs_permission_lifecycle: non-existent label',
    operation: 'RemovePermission',
    input: { QueueUrl, Label: 'crossaccountpermission2' },
    code: 'InvalidParameterValue',
    message: "Value crossaccountpermission2 for parameter Label is invalid. Reason: can't find label.",
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_send_receive_wait_time_seconds: too large',
    operation: 'ReceiveMessage',
    input: { QueueUrl, WaitTimeSeconds: 21 },
    code: 'InvalidParameterValue',
    message: 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  {
    provokedBy: 'test_send_receive_wait_time_seconds: too small',
    operation: 'ReceiveMessage',
    input: { QueueUrl, WaitTimeSeconds: -1 },
    code: 'InvalidParameterValue',
    message: 'Value -1 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    queryErrorCode: 'InvalidParameterValueException',
  },
  ...['', 'a'.repeat(129), 'group 123'].map((group) => ({
    provokedBy: `test_send_message_to_standard_queue_with_invalid_message_group_id: ${group.length} characters`,
    operation: 'SendMessage',
    input: { QueueUrl, MessageBody: 'a', MessageGroupId: group },
    code: 'InvalidParameterValue',
    message: `Value ${group} for parameter MessageGroupId is invalid. ${groupReason}`,
    queryErrorCode: 'InvalidParameterValueException',
  })),
  {
    provokedBy: 'test_send_empty_message',
    operation: 'SendMessage',
    input: { QueueUrl, MessageBody: '' },
    code: 'MissingParameter',
    message: 'The request must contain the parameter MessageBody.',
    queryErrorCode: 'MissingRequiredParameterException',
  },
  {
    provokedBy: 'test_create_queue_with_different_attributes_raises_exception',
    operation: 'CreateQueue',
    input: { QueueName: 'q', Attributes: { DelaySeconds: '2' } },
    code: 'QueueAlreadyExists',
    message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    queryErrorCode: 'QueueNameExists',
  },
  {
    provokedBy: 'test_successive_purge_calls_fail',
    operation: 'PurgeQueue',
    input: { QueueUrl },
    code: 'AWS.SimpleQueueService.PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on q is allowed every 60 seconds.',
    queryErrorCode: 'PurgeQueueInProgress',
    status: 403,
  },
]

async function prepare({ cloud }: TestAccount): Promise<void> {
  await callJson(cloud, { target: 'AmazonSQS.CreateQueue', input: { QueueName: 'q' } }, signedFor('sqs'))
  await callJson(
    cloud,
    { target: 'AmazonSQS.CreateQueue', input: { QueueName: 'small', Attributes: { MaximumMessageSize: '1024' } } },
    signedFor('sqs'),
  )
  await callJson(
    cloud,
    {
      target: 'AmazonSQS.AddPermission',
      input: {
        QueueUrl,
        Label: 'crossaccountpermission',
        AWSAccountIds: ['668614515564'],
        Actions: ['ReceiveMessage'],
      },
    },
    signedFor('sqs'),
  )
  await callJson(cloud, { target: 'AmazonSQS.PurgeQueue', input: { QueueUrl } }, signedFor('sqs'))
}

test.each(recorded)(
  'answers as AWS did in JSON: $provokedBy',
  async ({ operation, input, code, message, queryErrorCode, status = 400 }) => {
    using bed = startAccount({ enforceSixtySeconds: true })
    await prepare(bed)
    const answer = await callJson(bed.cloud, { target: `AmazonSQS.${operation}`, input }, signedFor('sqs'))
    expect(answer.status).toBe(status)
    expect(answer.headers['x-amzn-query-error']).toBe(`${code};Sender`)
    const body: unknown = JSON.parse(answer.text)
    expect(body).toMatchObject({ message, __type: expect.stringMatching(new RegExp(`#${queryErrorCode}$`)) })
  },
)

test.each([
  {
    name: 'nobody',
    form: { Action: 'GetQueueUrl', QueueName: 'nobody' },
    status: 400,
    code: 'AWS.SimpleQueueService.NonExistentQueue',
    message: 'The specified queue does not exist for this wsdl version.',
  },
  {
    name: 'purge',
    form: { Action: 'PurgeQueue', QueueUrl },
    status: 403,
    code: 'AWS.SimpleQueueService.PurgeQueueInProgress',
    message: 'Only one PurgeQueue operation on q is allowed every 60 seconds.',
  },
  {
    name: 'eleven',
    form: { Action: 'ReceiveMessage', QueueUrl, MaxNumberOfMessages: '11' },
    status: 400,
    code: 'InvalidParameterValue',
    message: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
  },
  {
    name: 'no body',
    form: { Action: 'SendMessage', QueueUrl },
    status: 400,
    code: 'MissingParameter',
    message: 'The request must contain the parameter MessageBody.',
  },
  {
    name: 'unknown action',
    form: { Action: 'Bark' },
    status: 400,
    code: 'InvalidAction',
    message: 'The action Bark is not valid for this endpoint.',
  },
  {
    name: 'a word for a number',
    form: { Action: 'ReceiveMessage', QueueUrl, WaitTimeSeconds: 'soon' },
    status: 400,
    code: 'MalformedInput',
    message: 'Value (soon) for parameter WaitTimeSeconds is no number.',
  },
] as const)('answers errors in the query protocol: $name', async ({ form, status, code, message }) => {
  using bed = startAccount({ enforceSixtySeconds: true })
  await prepare(bed)
  const answer = await callForm(bed.cloud, form, signedFor('sqs'))
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('text/xml')
  expect(answer.text).toContain(
    `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message.replaceAll('>', '&#x3e;')}</Message><Detail/></Error>`,
  )
})

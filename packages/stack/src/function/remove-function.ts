import { DeleteFunctionCommand, GetFunctionCommand } from '@aws-sdk/client-lambda'
import { unlessAbsent } from '../aws-errors.ts'
import { isManaged } from '../desired/tags.ts'
import type { Removal } from '../removal.ts'

/** Deletes the function if it has our tags. Its log group stays, as its history. */
export const removeFunction: Removal = async (name, { clients, prefix }) => {
  const found = await unlessAbsent(() => clients.lambda.send(new GetFunctionCommand({ FunctionName: name })))
  if (!found) return { kind: 'absent' }
  if (!isManaged(found.Tags, prefix)) return { kind: 'left', why: 'not-managed' }
  await unlessAbsent(() => clients.lambda.send(new DeleteFunctionCommand({ FunctionName: name })))
  return { kind: 'removed' }
}

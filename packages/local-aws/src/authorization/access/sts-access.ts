import type { AccessTable } from './access.ts'
import { optionalTextIn, textIn } from './read-input.ts'

/**
 * Permissions of STS's operations. GetCallerIdentity requires none.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const stsAccess: AccessTable = {
  AssumeRole: (input) => ({
    action: 'sts:AssumeRole',
    resource: textIn(input, 'RoleArn'),
    byResource: true,
    keys: {
      'sts:ExternalId': optionalTextIn(input, 'ExternalId'),
      'sts:RoleSessionName': optionalTextIn(input, 'RoleSessionName'),
    },
  }),
  GetCallerIdentity: () => [],
}

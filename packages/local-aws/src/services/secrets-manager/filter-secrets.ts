import type { Filter, SecretListEntry } from '@aws-sdk/client-secrets-manager'
import { validationError } from './secrets-errors.ts'

/** Whether a secret passes all filters; the values of one filter are alternatives, a leading `!` turns one around. */
export function passesFilters(secret: SecretListEntry, filters: readonly Filter[] | undefined): boolean {
  return (filters ?? []).every(({ Key, Values = [] }) => {
    const reads = READERS[Key ?? '']
    if (!reads) {
      throw validationError(
        `1 validation error detected: Value '${Key ?? ''}' at 'filters.1.member.key' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(READERS).join(', ')}]`,
      )
    }
    return Values.some((value) => (value.startsWith('!') ? !reads(secret, value.slice(1)) : reads(secret, value)))
  })
}

type Reader = (secret: SecretListEntry, value: string) => boolean

/**
 * Names and tags match from their beginning and by case, descriptions by words.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html
 */
const READERS: Readonly<Record<string, Reader>> = {
  description: ({ Description }, value) => hasWords([Description ?? ''], value),
  name: ({ Name }, value) => (Name ?? '').startsWith(value),
  'tag-key': ({ Tags }, value) => (Tags ?? []).some(({ Key }) => (Key ?? '').startsWith(value)),
  'tag-value': ({ Tags }, value) => (Tags ?? []).some(({ Value }) => (Value ?? '').startsWith(value)),
  'primary-region': ({ PrimaryRegion }, value) => PrimaryRegion?.startsWith(value) ?? false,
  'owning-service': ({ OwningService }, value) => OwningService?.startsWith(value) ?? false,
  all: ({ Name, Description, Tags }, value) =>
    hasWords(
      [Name ?? '', Description ?? '', ...(Tags ?? []).flatMap(({ Key, Value }) => [Key ?? '', Value ?? ''])],
      value,
    ),
}

function hasWords(texts: readonly string[], value: string): boolean {
  const found = texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
  return value
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .every((word) => found.some((other) => other.startsWith(word)))
}

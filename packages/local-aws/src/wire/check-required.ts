import { isRecord } from './is-record.ts'
import type { Member, StructureShape } from './shape.ts'

/** The first required member that is absent, as a path (`Entries.1.Id`, counted from 1), or nothing. */
export function findMissing(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
): MissingMember | undefined {
  for (const member of shape.members) {
    const item = value[member.name]
    if (item === undefined) {
      if (member.required) return { path: member.name, member }
      continue
    }
    const inner = findInner(member, item)
    if (inner) return { ...inner, path: `${member.name}.${inner.path}` }
  }
  return undefined
}

export interface MissingMember {
  readonly path: string
  readonly member: Member
}

function findInner({ shape }: Member, value: unknown): MissingMember | undefined {
  if (shape.kind === 'structure') return isRecord(value) ? findMissing(shape, value) : undefined
  if (shape.kind === 'list' && shape.item.shape.kind === 'structure' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const inner = isRecord(item) ? findMissing(shape.item.shape, item) : undefined
      if (inner) return { ...inner, path: `${index + 1}.${inner.path}` }
    }
  }
  if (shape.kind === 'map' && shape.value.shape.kind === 'structure' && isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      const inner = isRecord(item) ? findMissing(shape.value.shape, item) : undefined
      if (inner) return { ...inner, path: `${key}.${inner.path}` }
    }
  }
  return undefined
}

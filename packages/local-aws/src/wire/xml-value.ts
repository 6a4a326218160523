import { escapeXml } from './escape-xml.ts'
import { isRecord } from './is-record.ts'
import { writeScalar } from './scalar.ts'
import type { ListShape, MapShape, Member, StructureShape } from './shape.ts'

/** A structure's members as XML elements, without an element around them (REST-XML and query answers alike). */
export function writeXmlMembers(shape: StructureShape, value: unknown): string {
  if (!isRecord(value)) return ''
  let xml = ''
  for (const member of shape.members) {
    const item = value[member.name]
    if (item === undefined || item === null || member.xmlAttribute) continue
    xml += writeXmlMember(member, item, member.xmlName ?? member.name)
  }
  return xml
}

function writeXmlMember(member: Member, value: unknown, name: string): string {
  const { shape } = member
  switch (shape.kind) {
    case 'list':
      return writeList({ member, shape, value, name })
    case 'map':
      return writeMap({ member, shape, value, name })
    case 'structure':
      return `<${name}${attributes(member, shape, value)}>${writeXmlMembers(shape, value)}</${name}>`
    default:
      return `<${name}>${escapeXml(writeScalar(shape, value, 'date-time'))}</${name}>`
  }
}

interface Collection<S> {
  readonly member: Member
  readonly shape: S
  readonly value: unknown
  readonly name: string
}

function writeList({ member, shape, value, name }: Collection<ListShape>): string {
  if (!Array.isArray(value)) return ''
  const itemName = member.xmlFlattened ? name : (shape.item.xmlName ?? 'member')
  const items = value.map((item: unknown) => writeXmlMember(shape.item, item, itemName)).join('')
  return member.xmlFlattened ? items : `<${name}>${items}</${name}>`
}

function writeMap({ member, shape, value, name }: Collection<MapShape>): string {
  if (typeof value !== 'object' || value === null) return ''
  const keyName = shape.key.xmlName ?? 'key'
  const valueName = shape.value.xmlName ?? 'value'
  const entryName = member.xmlFlattened ? name : 'entry'
  const entries = Object.entries(value).map(
    ([key, item]) =>
      `<${entryName}><${keyName}>${escapeXml(key)}</${keyName}>${writeXmlMember(shape.value, item, valueName)}</${entryName}>`,
  )
  return member.xmlFlattened ? entries.join('') : `<${name}>${entries.join('')}</${name}>`
}

function attributes(member: Member, shape: StructureShape, value: unknown): string {
  const namespace = member.xmlNamespace
  let text = namespace ? ` xmlns${namespace[0] ? `:${namespace[0]}` : ''}="${escapeXml(namespace[1])}"` : ''
  if (!isRecord(value)) return text
  for (const inner of shape.members) {
    const item = value[inner.name]
    // Attributes are strings in every schema (an ACL's xsi:type).
    if (inner.xmlAttribute && typeof item === 'string') text += ` ${inner.xmlName ?? inner.name}="${escapeXml(item)}"`
  }
  return text
}

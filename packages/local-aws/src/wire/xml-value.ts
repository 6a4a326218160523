import { escapeXml } from './escape-xml.ts'
import { isRecord } from './is-record.ts'
import { writeScalar } from './scalar.ts'
import type { ListShape, MapShape, Member, StructureShape, TimestampFormat } from './shape.ts'

/**
 * A structure's members as XML elements, without an element around them (REST-XML and query answers alike); `dates`
 * is the service's format of timestamps.
 */
export function writeXmlMembers(shape: StructureShape, value: unknown, dates: TimestampFormat = 'date-time'): string {
  if (!isRecord(value)) return ''
  let xml = ''
  for (const member of shape.members) {
    const item = value[member.name]
    if (item === undefined || item === null || member.xmlAttribute) continue
    xml += writeXmlMember({ member, value: item, name: member.xmlName ?? member.name, dates })
  }
  return xml
}

interface Element {
  readonly member: Member
  readonly value: unknown
  readonly name: string
  readonly dates: TimestampFormat
}

function writeXmlMember({ member, value, name, dates }: Element): string {
  const { shape } = member
  switch (shape.kind) {
    case 'list':
      return writeList({ member, shape, value, name, dates })
    case 'map':
      return writeMap({ member, shape, value, name, dates })
    case 'structure':
      return `<${name}${attributes(member, shape, value)}>${writeXmlMembers(shape, value, dates)}</${name}>`
    default:
      return `<${name}>${escapeXml(writeScalar(shape, value, dates))}</${name}>`
  }
}

interface Collection<S> extends Element {
  readonly shape: S
}

function writeList({ member, shape, value, name, dates }: Collection<ListShape>): string {
  if (!Array.isArray(value)) return ''
  const itemName = member.xmlFlattened ? name : (shape.item.xmlName ?? 'member')
  const items = value
    .map((item: unknown) => writeXmlMember({ member: shape.item, value: item, name: itemName, dates }))
    .join('')
  return member.xmlFlattened ? items : `<${name}>${items}</${name}>`
}

function writeMap({ member, shape, value, name, dates }: Collection<MapShape>): string {
  if (typeof value !== 'object' || value === null) return ''
  const keyName = shape.key.xmlName ?? 'key'
  const valueName = shape.value.xmlName ?? 'value'
  const entryName = member.xmlFlattened ? name : 'entry'
  const entries = Object.entries(value).map(
    ([key, item]) =>
      `<${entryName}><${keyName}>${escapeXml(key)}</${keyName}>${writeXmlMember({ member: shape.value, value: item, name: valueName, dates })}</${entryName}>`,
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

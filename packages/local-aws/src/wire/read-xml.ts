import { AwsError } from '../service.ts'
import { parseXml, type XmlElement } from './parse-xml.ts'
import { readScalar } from './scalar.ts'
import type { Member, StructureShape } from './shape.ts'

/** The body of a REST-XML request as the value of its payload member: bytes, text, or a document read by its shape. */
export function readXmlPayload(payload: Member, body: Uint8Array): unknown {
  const { shape } = payload
  if (shape.kind === 'blob') return body
  if (body.length === 0) return undefined
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  if (shape.kind !== 'structure') return text
  const root = parseXml(text)
  const expected = [payload.xmlName, shape.xmlName, shape.name, payload.name]
  if (!root || !expected.includes(root.name)) throw malformed()
  return readStructure(shape, root)
}

function readStructure(shape: StructureShape, element: XmlElement): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const member of shape.members) {
    const name = member.xmlName ?? member.name
    if (member.xmlAttribute) {
      const value = element.attributes[name.slice(name.indexOf(':') + 1)]
      if (value !== undefined) read[member.name] = value
      continue
    }
    const found = element.children.filter((child) => child.name === name)
    if (found.length > 0) read[member.name] = readMember(member, found)
  }
  return read
}

function readMember(member: Member, found: readonly XmlElement[]): unknown {
  const { shape } = member
  const [first] = found
  if (!first) return undefined
  switch (shape.kind) {
    case 'list': {
      const itemName = shape.item.xmlName ?? 'member'
      const items = member.xmlFlattened ? found : first.children.filter((child) => child.name === itemName)
      return items.map((item) => readMember(shape.item, [item]))
    }
    case 'map': {
      const entries = member.xmlFlattened ? found : first.children.filter((child) => child.name === 'entry')
      const read = new Map<string, unknown>()
      for (const entry of entries) {
        const key = entry.children.find((child) => child.name === (shape.key.xmlName ?? 'key'))
        const value = entry.children.filter((child) => child.name === (shape.value.xmlName ?? 'value'))
        if (key && value.length > 0) read.set(key.text, readMember(shape.value, value))
      }
      return Object.fromEntries(read)
    }
    case 'structure':
      return readStructure(shape, first)
    default: {
      const value = readScalar(shape, first.text, 'date-time')
      if (value === undefined) throw malformed()
      return value
    }
  }
}

function malformed(): AwsError {
  const message = 'The XML you provided was not well-formed or did not validate against our published schema'
  return new AwsError('MalformedXML', message, { status: 400 })
}

import { AwsError } from '../service.ts'
import { readScalar } from './scalar.ts'
import type { Member, Shape, StructureShape } from './shape.ts'

/** The fields of a form, nested by the dots in their names. */
export interface FormNode {
  text?: string
  readonly children: Map<string, FormNode>
}

/** `Tag.1.Key=a&Tag.1.Value=b` as a tree. */
export function readForm(form: URLSearchParams): FormNode {
  const root: FormNode = { children: new Map() }
  for (const [name, text] of form) {
    let node = root
    for (const part of name.split('.')) {
      const child: FormNode = node.children.get(part) ?? { children: new Map() }
      node.children.set(part, child)
      node = child
    }
    node.text = text
  }
  return root
}

/** Flat names to a structure (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
export function readFormStructure(shape: StructureShape, node: FormNode): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const member of shape.members) {
    const child = node.children.get(member.xmlName ?? member.name) ?? node.children.get(member.name)
    if (child) read[member.name] = readFormMember(member, child)
  }
  return read
}

function readFormMember(member: Member, node: FormNode): unknown {
  const { shape } = member
  if (shape.kind === 'list') {
    const items = member.xmlFlattened
      ? node
      : (node.children.get(shape.item.xmlName ?? 'member') ?? node.children.get('member') ?? empty)
    return inOrder(items).map((item) => readFormMember(shape.item, item))
  }
  if (shape.kind === 'map') {
    const entries = member.xmlFlattened ? node : (node.children.get('entry') ?? empty)
    const read: [string, unknown][] = []
    for (const entry of inOrder(entries)) {
      const key = entry.children.get(shape.key.xmlName ?? 'key')?.text
      const value = entry.children.get(shape.value.xmlName ?? 'value')
      if (key !== undefined && value) read.push([key, readFormMember(shape.value, value)])
    }
    return Object.fromEntries(read)
  }
  return shape.kind === 'structure' ? readFormStructure(shape, node) : readField(shape, member.name, node.text ?? '')
}

function readField(shape: Exclude<Shape, { kind: 'list' | 'map' | 'structure' }>, name: string, text: string): unknown {
  const value = readScalar(shape, text, 'date-time')
  if (value === undefined)
    throw new AwsError('MalformedInput', `Value (${text}) for parameter ${name} is no ${shape.kind}.`, { status: 400 })
  return value
}

const empty: FormNode = { children: new Map() }

function inOrder(node: FormNode): FormNode[] {
  return [...node.children]
    .filter(([index]) => /^\d+$/.test(index))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item)
}

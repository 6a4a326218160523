/** An element: prefixes of names are dropped, text is the concatenation of its own text nodes. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[]
  text: string
}

// Comment, processing instruction, CDATA, tag, or text: the parts of documents that AWS's clients send.
const token =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([^\s<>/!]+)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy

/** Parses a document without DTD; `undefined` when it is not well-formed. Linear in its input. */
export function parseXml(text: string): XmlElement | undefined {
  const root: OpenElement = { name: '', attributes: {}, children: [], text: '' }
  const open: OpenElement[] = [root]
  let position = 0
  while (position < text.length) {
    token.lastIndex = position
    const match = token.exec(text)
    const parent = open.at(-1)
    if (!match || !parent) return undefined
    position = token.lastIndex
    const [, cdata, closing, name, attributes, selfClosing, content] = match
    if (cdata !== undefined) parent.text += cdata
    else if (content !== undefined) parent.text += unescapeXml(content)
    else if (name !== undefined && closing === '/') {
      if (open.length < 2 || parent.name !== local(name)) return undefined
      open.pop()
    } else if (name !== undefined) {
      const element: OpenElement = {
        name: local(name),
        attributes: readAttributes(attributes ?? ''),
        children: [],
        text: '',
      }
      parent.children.push(element)
      if (selfClosing !== '/') open.push(element)
    }
  }
  const [first, ...others] = root.children
  return open.length === 1 && first && others.length === 0 && root.text.replace('\u{FEFF}', '').trim() === ''
    ? first
    : undefined
}

function readAttributes(text: string): Record<string, string> {
  const found = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)
  return Object.fromEntries(
    [...found].map(([, name, double, single]) => [name ?? '', unescapeXml(double ?? single ?? '')]),
  )
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const entities: ReadonlyMap<string | undefined, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function unescapeXml(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, ...[hex, decimal, name]: (string | undefined)[]) => {
      if (name !== undefined) return entities.get(name) ?? whole ?? ''
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : (whole ?? '')
    },
  )
}

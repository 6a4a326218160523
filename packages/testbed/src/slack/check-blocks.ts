import { asItems, asObject } from '../simulators/read-json.ts'

type Block = Readonly<Record<string, unknown>>

/** Block Kit's limits, in characters and items. https://docs.slack.dev/reference/block-kit/blocks */
const BLOCK_LIMITS = {
  blocks: 50,
  header: 150,
  section: 3000,
  fields: 10,
  field: 2000,
  contextElements: 10,
  actions: 25,
  buttonText: 75,
  actionId: 255,
  value: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  blockId: 255,
  markdown: 12_000,
  altText: 2000,
  url: 3000,
} as const

/** The blocks if Slack would take all of them, else `undefined`: Slack only answers `invalid_blocks`. */
export function checkBlocks(items: readonly unknown[]): readonly Block[] | undefined {
  if (items.length > BLOCK_LIMITS.blocks) return undefined
  const blocks = items.map((item) => asObject(item) ?? {})
  if (!blocks.every((block) => isBlock(block) && hasRightId(block))) return undefined
  const ids = blocks.map((block) => block['block_id']).filter((id) => id !== undefined)
  if (new Set(ids).size !== ids.length) return undefined
  return markdownLength(blocks) > BLOCK_LIMITS.markdown ? undefined : blocks
}

function isBlock(block: Block): boolean {
  switch (block['type']) {
    case 'header':
      return isText(block['text'], BLOCK_LIMITS.header, ['plain_text'])
    case 'section':
      return isSection(block)
    case 'context':
      return isContext(block)
    case 'actions':
      return isActions(block)
    case 'image':
      return isImage(block)
    case 'markdown':
      return typeof block['text'] === 'string' && block['text'] !== ''
    case 'rich_text':
      return Array.isArray(block['elements'])
    case 'divider':
      return true
    default:
      return false
  }
}

function isSection(block: Block): boolean {
  const { text, fields } = block
  if (text === undefined && fields === undefined) return false
  if (text !== undefined && !isText(text, BLOCK_LIMITS.section)) return false
  if (fields === undefined) return true
  const items = asItems(fields)
  return (
    items.length > 0 && items.length <= BLOCK_LIMITS.fields && items.every((field) => isText(field, BLOCK_LIMITS.field))
  )
}

function isContext(block: Block): boolean {
  const elements = asItems(block['elements'])
  if (elements.length === 0 || elements.length > BLOCK_LIMITS.contextElements) return false
  return elements.every((element) => {
    const item = asObject(element) ?? {}
    return item['type'] === 'image' ? isImage(item) : isText(item, BLOCK_LIMITS.section)
  })
}

function isActions(block: Block): boolean {
  const elements = asItems(block['elements'])
  if (elements.length === 0 || elements.length > BLOCK_LIMITS.actions) return false
  const items = elements.map((element) => asObject(element) ?? {})
  const ids = items.map((item) => item['action_id']).filter((id) => id !== undefined)
  return (
    new Set(ids).size === ids.length &&
    items.every((item) => (item['type'] === 'button' ? isButton(item) : typeof item['type'] === 'string'))
  )
}

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
function isButton({ text, action_id: id, url, value, style, confirm, accessibility_label: label }: Block): boolean {
  return (
    isText(text, BLOCK_LIMITS.buttonText, ['plain_text']) &&
    isOptional(id, BLOCK_LIMITS.actionId) &&
    isOptional(url, BLOCK_LIMITS.url) &&
    isOptional(value, BLOCK_LIMITS.value) &&
    isOptional(label, BLOCK_LIMITS.buttonText) &&
    (style === undefined || style === 'primary' || style === 'danger') &&
    (confirm === undefined || isConfirm(asObject(confirm) ?? {}))
  )
}

// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
function isConfirm({ title, text, confirm, deny }: Block): boolean {
  const plain = ['plain_text']
  return (
    isText(title, BLOCK_LIMITS.confirmTitle, plain) &&
    isText(text, BLOCK_LIMITS.confirmText) &&
    [confirm, deny].every((button) => button === undefined || isText(button, BLOCK_LIMITS.confirmButton, plain))
  )
}

function isOptional(value: unknown, limit: number): boolean {
  return value === undefined || isFilled(value, limit)
}

function isImage(block: Block): boolean {
  const { image_url: url, alt_text: alt } = block
  return isFilled(url, BLOCK_LIMITS.url) && isFilled(alt, BLOCK_LIMITS.altText)
}

function isText(value: unknown, limit: number, types: readonly string[] = ['plain_text', 'mrkdwn']): boolean {
  const { type, text } = asObject(value) ?? {}
  return typeof type === 'string' && types.includes(type) && isFilled(text, limit)
}

function isFilled(value: unknown, limit: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= limit
}

function hasRightId({ block_id: id }: Block): boolean {
  return isOptional(id, BLOCK_LIMITS.blockId)
}

function markdownLength(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, { type, text }) => sum + (type === 'markdown' && typeof text === 'string' ? text.length : 0),
    0,
  )
}

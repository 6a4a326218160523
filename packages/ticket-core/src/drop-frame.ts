import { type Field, readLabel } from './labels.ts'

const FENCE = /^\s{0,8}(?:```|~~~)[\w+#-]{0,24}$/
const RULE = /^\s{0,8}(?:[-=_*~#–—─━] ?){3,200}$/

/**
 * Removes what people draw around a form: a code fence, and rules between its lines. A rule or a fence inside a field is
 * its text. A form that begins with a label and has at most one rule above a label, as `renderMessage` writes it, has no frame.
 */
export function dropFrame(text: string): string {
  const lines = text.split('\n')
  const labels = findLabels(lines)
  const above = labels.map((at) => findTextAbove(lines, at))
  const dropped = new Set([...findFence(lines, labels, above[0]), ...findRules(lines, above)])
  return dropped.size === 0 ? text : lines.filter((_line, at) => !dropped.has(at)).join('\n')
}

/** The lines of the labels that count. */
function findLabels(lines: readonly string[]): number[] {
  const seen = new Set<Field>()
  return lines.flatMap((line, at) => {
    const field = readLabel(line)?.field
    if (field === undefined || seen.has(field)) return []
    seen.add(field)
    return [at]
  })
}

/** The nearest line above that is not empty. */
function findTextAbove(lines: readonly string[], label: number): number {
  let at = label - 1
  while (at >= 0 && lines[at]?.trim() === '') at -= 1
  return at
}

/** The fence that opens directly above the first label and closes below the last one. */
function findFence(lines: readonly string[], labels: readonly number[], start = -1): readonly number[] {
  const fences = lines.flatMap((line, at) => (FENCE.test(line) ? [at] : []))
  const opened = fences.indexOf(start)
  const end = fences[opened + 1]
  // An odd one closes a fence above the form.
  if (opened < 0 || opened % 2 === 1 || end === undefined || end < (labels.at(-1) ?? 0)) return []
  return [start, end]
}

/** Rules directly above labels, if one is above the first or several are there; then one on the last line, too. */
function findRules(lines: readonly string[], above: readonly number[]): readonly number[] {
  const isRule = (at: number): boolean => RULE.test(lines[at] ?? '')
  const rules = above.filter(isRule)
  if (rules.length === 0 || (rules.length === 1 && rules[0] !== above[0])) return []
  return isRule(lines.length - 1) ? [...rules, lines.length - 1] : rules
}

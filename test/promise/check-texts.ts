import { openEnvelope } from 'ticket-core'
import type { Check } from './breach.ts'
import type { TicketEvidence } from './evidence.ts'
import { textsIn } from './read-copy.ts'

/**
 * All of the ticket's text is at its vendor, or what is cut says where the rest is; its case has all of it, and so has
 * the dead letter of one that is dead.
 */
export function checkTexts({ sent, copies, record, kept, letter }: TicketEvidence, check: Check): void {
  const { texts } = sent
  for (const { text, where } of copies) {
    const missing = missingOf(texts, text)
    const isSaid = kept !== undefined && text.includes(kept.object)
    check(missing === undefined || isSaid, 'cut-without-saying', () => `${where} lacks "${missing}"`)
  }
  // One that died before any function claimed it is in its dead letter alone.
  if (record && record.state !== 'dead') check(kept !== undefined, 'kept-nowhere', () => record.caseKey ?? 'no case')
  if (kept) checkKept(texts, { text: textsIn(kept.ticket), where: kept.object }, check)
  if (record?.state !== 'dead' || !letter) return
  const opened = openEnvelope(letter.message)
  checkKept(texts, { text: opened.ok ? textsIn(opened.value.ticket) : '', where: 'the dead letter' }, check)
}

function checkKept(texts: readonly string[], { text, where }: { text: string; where: string }, check: Check): void {
  const missing = missingOf(texts, text)
  check(missing === undefined, 'text-lost', () => `${where} lacks "${missing}"`)
}

/** The beginning of the first text that is not there whole; where lines and blocks break does not matter. */
function missingOf(texts: readonly string[], shown: string): string | undefined {
  const bare = withoutSpace(shown)
  const missing = texts.find((text) => !bare.includes(withoutSpace(text)))
  return missing?.slice(0, 60)
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

import { openEnvelope } from 'ticket-core'
import type { Check } from './breach.ts'
import type { TicketEvidence } from './evidence.ts'
import { textsIn } from './read-copy.ts'

/** All of the ticket's text is at its vendor, or in the dead letter of one that is dead. */
export function checkTexts({ sent, copies, record, letter }: TicketEvidence, check: Check): void {
  for (const copy of copies) {
    const missing = missingOf(sent.texts, copy.text)
    check(missing === undefined, 'text-lost', () => `${copy.where} lacks "${missing}"`)
  }
  if (record?.state !== 'dead' || !letter) return
  const opened = openEnvelope(letter.message)
  const kept = opened.ok ? textsIn(opened.value.ticket) : ''
  const missing = missingOf(sent.texts, kept)
  check(missing === undefined, 'text-lost', () => `the dead letter lacks "${missing}"`)
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

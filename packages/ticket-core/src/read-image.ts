import { decodeEntities } from './decode-entities.ts'
import { readAttribute } from './html-tokens.ts'

/** Where Teams keeps the pictures of its emoji. */
const EMOJI_ADDRESS = /\/(?:personal-expressions|evergreen-assets\/funstuff|skype-emoticons)/i
const ONLY_EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Component}]{1,40}$/u
/** A digit is a part of some emoji, but none itself. */
const SOME_EMOJI = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u{20e3}]/u
const LONGEST_NAME = 64

/**
 * The text of an emoji's tag: its character, or `:name:` for a tenant's own emoji;
 * undefined for any other picture, and for an emoji that nothing names.
 */
export function readEmoji(name: string, raw: string): string | undefined {
  const shown = decodeEntities(readAttribute(raw, 'alt') ?? '').trim()
  const type = readAttribute(raw, 'itemtype') ?? ''
  const isCustom = name === 'customemoji' || /schema\.skype\.com\/customemoji/i.test(type)
  const isEmoji =
    name === 'emoji' ||
    isCustom ||
    /schema\.skype\.com\/emoji/i.test(type) ||
    EMOJI_ADDRESS.test(readAttribute(raw, 'src') ?? '') ||
    (ONLY_EMOJI.test(shown) && SOME_EMOJI.test(shown))
  if (!isEmoji) return undefined
  if (shown !== '' && !isCustom) return shown
  const own = [shown, ...(['title', 'itemid', 'id'] as const).map((attribute) => readAttribute(raw, attribute))]
  const known = own
    .map((text) =>
      decodeEntities(text ?? '')
        .replaceAll(/[\s:]+/g, ' ')
        .trim(),
    )
    .find((text) => text !== '')
  return known === undefined ? undefined : `:${known.slice(0, LONGEST_NAME)}:`
}

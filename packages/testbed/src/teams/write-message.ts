/** What a person types into the form, by label. */
export interface TeamsForm {
  readonly title: string
  readonly priority: string
  readonly description: string
  readonly steps?: string
}

/** A message as a person typed it, line by line. Some lines are not plain text. */
export type TeamsLine =
  | string
  /** Typed as a code block; its lines. */
  | { readonly code: readonly string[] }
  /** A link with its own words, with text before it. */
  | { readonly before: string; readonly link: string; readonly url: string }
  /** An emoji picked from the panel, with text before it. */
  | { readonly before: string; readonly emoji: string }

/**
 * The forms in which Teams has been seen to send the same lines: see docs/discoveries/teams.md.
 * `text-only` has no html copy; `collapsed` has lost its line breaks in both copies.
 */
export type TeamsShape = 'divs' | 'paragraphs' | 'breaks' | 'collapsed' | 'copy-paste' | 'bold-labels' | 'text-only'

export const TEAMS_SHAPES: readonly TeamsShape[] = [
  'divs',
  'paragraphs',
  'breaks',
  'collapsed',
  'copy-paste',
  'bold-labels',
  'text-only',
]

/** Both copies of a message. `html` is absent in `text-only`. */
export interface WrittenMessage {
  readonly text: string
  readonly html?: string
}

/** Writes the form as the lines that the help card asks for. */
export function toLines({ title, priority, description, steps }: TeamsForm): readonly TeamsLine[] {
  const rest = steps === undefined ? [] : `Steps: ${steps}`.split('\n')
  return [`Title: ${title}`, `Priority: ${priority}`, ...`Description: ${description}`.split('\n'), ...rest]
}

/** Writes lines after a mention of the bot, in one of Teams' shapes. */
export function writeMessage(botName: string, lines: readonly TeamsLine[], shape: TeamsShape): WrittenMessage {
  const bot = escapeHtml(botName)
  const span = `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">${bot}</span>`
  const html = lines.map((line) => lineHtml(line, shape))
  const text = lines.map(lineText)
  const at = `<at>${bot}</at>`
  switch (shape) {
    case 'divs':
    case 'bold-labels':
      return {
        text: `${at}&nbsp;\n${text.join('\n')}\n`,
        html: `<div><div>${span}&nbsp;</div>\n${html.map((line) => `<div>${line}</div>`).join('\n')}\n</div>`,
      }
    case 'paragraphs':
      return {
        text: `<p>${at}&nbsp;</p>\n${text.map((line) => `<p>${line}</p>`).join('\n')}\n`,
        html: `<p>${span}&nbsp;</p>\n${html.map((line) => `<p>${line}</p>`).join('\n')}`,
      }
    case 'breaks':
      return {
        text: `${at}&nbsp;${text.join('\n')}\n`,
        html: `<div><div>${span}&nbsp;${html.join('<br>\n')}</div>\n</div>`,
      }
    case 'collapsed':
      return {
        text: `${at}&nbsp;${text.join(' ')}&nbsp;&nbsp;\n`,
        html: `<div><div>${span}&nbsp;${html.join(' ')}&nbsp;&nbsp;</div>\n</div>`,
      }
    case 'copy-paste':
      return {
        text: `\r\n${at}&nbsp;${text.join('\r\n')}\n`,
        html: `<div itemprop="copy-paste-block">\n<div>${span}&nbsp;${html.map(escapePasted).join('<br>')}</div>\n</div>`,
      }
    case 'text-only':
      return { text: `${at} ${text.join('\n')}` }
  }
}

function lineHtml(line: TeamsLine, shape: TeamsShape): string {
  if (typeof line === 'string') return shape === 'bold-labels' ? boldLabel(line) : escapeHtml(line)
  if ('code' in line) return `<pre><code>${line.code.map(escapeHtml).join('\n')}</code></pre>`
  if ('emoji' in line)
    return `${escapeHtml(line.before)}<span class="animated-emoticon-20">${emojiImage(line.emoji)}</span>`
  return `${escapeHtml(line.before)}<a href="${escapeHtml(line.url)}" rel="noreferrer noopener" target="_blank">${escapeHtml(line.link)}</a>`
}

function lineText(line: TeamsLine): string {
  if (typeof line === 'string') return escapeHtml(line)
  if ('code' in line) return line.code.map(escapeHtml).join('\n')
  // Emoji stand inside an <at> in `text`, as in the capture of 2019; a link keeps only its words.
  if ('emoji' in line) return `${escapeHtml(line.before)}<at>${emojiImage(line.emoji)}</at>`
  return escapeHtml(line.before + line.link)
}

function emojiImage(emoji: string): string {
  const source = 'https://statics.teams.microsoft.com/evergreen-assets/funstuff/skype-emoticons-f/beer/default_20.png'
  return `<img alt="${emoji}" itemid="emoji" itemscope="" itemtype="http://schema.skype.com/Emoji" src="${source}" style="width:20px; height:20px">`
}

function boldLabel(line: string): string {
  const label = /^[A-Za-z ]{1,30}:/.exec(line)?.[0]
  return label === undefined ? escapeHtml(line) : `<strong>${label}</strong>${escapeHtml(line.slice(label.length))}`
}

/** In pasted html Teams writes more characters as entities. */
function escapePasted(html: string): string {
  return html.includes('<') ? html : html.replaceAll('+', '&#43;').replaceAll('"', '&quot;')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

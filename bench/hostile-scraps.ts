/** What makes a careless reader start over again and again, when it is repeated. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'half labels': 'Title: Priority: ',
  'open tags': '<a "',
  'open comments': '<!-- ',
  'line breaks': '<br>',
  spaces: ' &nbsp;',
  links: '<a href="http://a.b">c</a>',
  mentions: '<at><img></at>',
  'mentions in a row': '<at>a</at> ',
  quotes: '<blockquote><p itemprop="preview">',
  replies: '<blockquote itemtype="http://schema.skype.com/Reply"></blockquote>',
  tables: '<table><tr><td>a',
  rows: 'Title | a\n',
  'quoted lines': '> Title: x\n',
  'marks before labels': '1) a) [x] (iv) ',
  isolates: '\u2068\u2069',
}

/** A scrap, repeated up to a size. */
export function fill(scrap: string, bytes: number): string {
  return scrap.repeat(Math.ceil(bytes / scrap.length)).slice(0, bytes)
}

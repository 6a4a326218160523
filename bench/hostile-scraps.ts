/** What makes a careless reader start over again and again, when it is repeated. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'half labels': 'Title: Priority: ',
  'open tags': '<a "',
  'open comments': '<!-- ',
  'line breaks': '<br>',
  spaces: ' &nbsp;',
  links: '<a href="http://a.b">c</a>',
  mentions: '<at><img></at>',
}

/** A scrap, repeated up to a size. */
export function fill(scrap: string, bytes: number): string {
  return scrap.repeat(Math.ceil(bytes / scrap.length)).slice(0, bytes)
}

import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { readMessage, type Message } from './index.ts'

const MENTION = '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">tickets</span>'

function message(change: { html?: string; text?: string; imageAttachments?: number }): Message {
  return readMessage({ id: '1', at: 0, text: '', imageAttachments: 0, conversationId: 'c', ...change })
}

function fromHtml(html: string): string {
  return message({ html }).text
}

function fromText(text: string): string {
  return message({ text }).text
}

/** Without what reading normalises: white space, control characters, characters without width. */
function visible(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\u00ad\u180e\u200b\u2060\ufeff]/gu, '')
}

describe('the html copy', () => {
  test.each([
    ['one div a line', '<div>a</div><div>b</div>', 'a\nb'],
    ['one paragraph a line, as Enter makes them', '<p>a</p>\n<p>b</p>', 'a\nb'],
    ['soft breaks, as Shift+Enter makes them', '<p>a<br>b<br/>c</p>', 'a\nb\nc'],
    ['an empty line kept by a no-break space', '<p>a</p><p>&nbsp;</p><p>b</p>', 'a\n\nb'],
    ['an empty line kept by a break', '<div>a</div><div><br></div><div>b</div>', 'a\n\nb'],
    ['a break at the end of a block, which browsers do not show', '<p>a<br></p><p>b</p>', 'a\nb'],
    ['markup laid out over lines', '<div>\n  <div>a</div>\n  <div>b</div>\n</div>', 'a\nb'],
    ['a line break inside a sentence, which is a space', '<p>a\n  b <b> c</b></p>', 'a b c'],
    ['headings and quotes', '<h1>a</h1><blockquote>b</blockquote>c', 'a\n> b\nc'],
  ])('%s', (_case, html, text) => {
    expect(fromHtml(html)).toBe(text)
  })

  test.each([
    ['bold and the like leave their text', '<b>a</b> <i>b</i> <strong>c</strong> <span style="x">d</span>', 'a b c d'],
    ['a list gets dashes', '<ul><li>a</li><li>b</li></ul>', '- a\n- b'],
    ['a numbered list gets numbers', '<ol><li>a</li><li><p>b</p></li></ol>', '1. a\n2. b'],
    ['a list in a list is indented', '<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>', '1. a\n  - b\n2. c'],
    [
      'a link in a list is a link',
      '<ul><li><a href="https://example.com/a">b</a></li></ul>',
      '- [b](https://example.com/a)',
    ],
    ['a table keeps its cells apart', '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a | b\nc'],
    ['code stays code', 'run <code>npm i</code> now', 'run `npm i` now'],
    [
      'a code block keeps its lines and indents',
      '<p>see</p><pre><code>if (a &lt; b) {\n    go()\n}</code></pre><p>so</p>',
      'see\n```\nif (a < b) {\n    go()\n}\n```\nso',
    ],
    [
      'a code block with breaks keeps them',
      '<codeblock class="JavaScript"><code>a<br>b</code></codeblock>',
      '```\na\nb\n```',
    ],
    ['an emoji is its character', 'fine <img alt="🍺" itemtype="http://schema.skype.com/Emoji" src="x">!', 'fine 🍺!'],
    ['an emoji element too', '<emoji id="smile" alt="🙂" title="Smile"></emoji>', '🙂'],
    ['a family emoji keeps its joiners', '👨‍👩‍👧', '👨‍👩‍👧'],
  ])('%s', (_case, html, text) => {
    expect(fromHtml(html)).toBe(text)
  })

  test.each([
    [
      'shown as a word',
      '<a href="https://example.com/log?a=1&amp;b=2">the log</a>',
      '[the log](https://example.com/log?a=1&b=2)',
    ],
    ['shown as itself', '<a href="https://example.com/a">https://example.com/a</a>', 'https://example.com/a'],
    ['shown without its scheme', '<a href="http://example.com/">example.com</a>', 'http://example.com/'],
    ['around a picture', '<a href="https://example.com/a"><img src="x"></a>', 'https://example.com/a'],
    ['with brackets', '<a href="https://example.com/a_(b)">b</a>', '[b](https://example.com/a_%28b%29)'],
    ['to a script, which must not be followed', '<a href="javascript:alert(1)">here</a>', 'here'],
    ['to nowhere', '<a href="#top">up</a> <a>down</a>', 'up down'],
    ['around two lines', '<a href="https://example.com/a">x<br>y</a>', 'x\ny https://example.com/a'],
  ])('keeps the target of a link %s', (_case, html, text) => {
    expect(fromHtml(html)).toBe(text)
  })

  test('decodes entities once, numeric ones and those of the table', () => {
    expect(fromHtml('R&amp;D &#43; &quot;x&quot; &#x1F600; &uuml;&hellip; &amp;lt;b&amp;gt;')).toBe(
      'R&D + "x" 😀 ü… &lt;b&gt;',
    )
  })

  test.each(['&bogus;', '&', '&;', '&#;', '&#x110000;', '&#xD800;', '&#0;', '&ampx', 'a && b &c'])(
    'leaves %s as it was typed',
    (typed) => {
      expect(fromHtml(`<p>x${typed}x</p>`)).toBe(`x${typed}x`)
    },
  )

  test('keeps what only looks like markup: the user’s own text', () => {
    expect(fromHtml('<p>&lt;data&gt; and a < b > c and <3 and i<j</p>')).toBe('<data> and a < b > c and <3 and i<j')
  })

  test('keeps a greater-than sign inside an attribute from ending the tag', () => {
    expect(fromHtml('<a title="a>b" href="https://example.com/a">c</a>')).toBe('[c](https://example.com/a)')
  })

  test.each([
    ['a tag that never ends', 'a <b', 'a <b'],
    ['a quote that never ends', '<a href="https://example.com>x</a> y', 'x y'],
    ['a comment', 'a<!-- hidden > -->b', 'ab'],
    ['a comment that never ends', 'a<!-- b', 'a<!-- b'],
    ['closing tags without an opening', '</p></ul></pre></a></at>a', 'a'],
    ['a code block that never ends', '<pre>a', '```\na\n```'],
  ])('survives %s', (_case, html, text) => {
    expect(fromHtml(html)).toBe(text)
  })
})

describe('the bot’s mention', () => {
  test('is the first one, by any name, and is removed', () => {
    expect(message({ html: `<p>${MENTION}&nbsp;</p><p>a</p>` })).toEqual({ text: 'a', mention: 'tickets', ignored: 0 })
  })

  test('is removed from the middle too', () => {
    expect(fromHtml(`<p>hi ${MENTION}, a</p>`)).toBe('hi , a')
  })

  test('is removed alone: others are the user’s words', () => {
    expect(
      fromHtml(`${MENTION} ask <span itemtype="http://schema.skype.com/Mention" itemid="1">Larry Brown</span>`),
    ).toBe('ask Larry Brown')
  })

  test('is not an emoji, which Teams wraps in <at> as well', () => {
    expect(fromText('<at><img alt="🍺" itemtype="http://schema.skype.com/Emoji"></at> <at>tickets</at> a')).toBe('🍺 a')
  })

  test('with formatting inside is removed whole', () => {
    expect(fromHtml('<span itemtype="http://schema.skype.com/Mention"><span>tic</span><b>kets</b></span> a')).toBe('a')
  })

  test('that never closes takes no text with it', () => {
    expect(fromText('<at>tickets a\nb')).toBe('tickets a\nb')
  })
})

describe('the text', () => {
  test('is read when there is no html copy, or one without words', () => {
    expect(message({ text: '<at>tickets</at> a' }).text).toBe('a')
    expect(message({ text: '<at>tickets</at> a', html: '<div></div>' }).text).toBe('a')
  })

  test('is not read when the html copy has words: it alone has links', () => {
    expect(message({ text: 'the log', html: '<a href="https://example.com/a">the log</a>' }).text).toBe(
      '[the log](https://example.com/a)',
    )
  })

  test('keeps its own line breaks', () => {
    expect(fromText('<at>tickets</at>\r\nTitle: a\nPriority: low\r\n')).toBe('Title: a\nPriority: low')
  })

  test('loses odd spaces and what has no width', () => {
    expect(fromText('a\u00a0b\u3000c\u200bd\ufeffe\u2060f\u0000g\u2028h  \n')).toBe('a b cdefg\nh')
  })
})

describe('pictures and files', () => {
  test('of the html copy are counted, emoji are not', () => {
    const html =
      '<p>a<img itemtype="http://schema.skype.com/AMSImage" src="x"><img alt="🍺" itemtype="http://schema.skype.com/Emoji"></p><attachment id="1"></attachment>'
    expect(message({ html, imageAttachments: 2 }).ignored).toBe(2)
  })

  test('of the attachments are counted when there is only the text', () => {
    expect(message({ text: 'a', imageAttachments: 2 }).ignored).toBe(2)
    expect(
      message({ text: 'a <img alt="🍺" itemtype="http://schema.skype.com/Emoji">', imageAttachments: 1 }).ignored,
    ).toBe(0)
  })
})

describe('reading', () => {
  const scraps = [
    '<',
    '>',
    '</',
    '&',
    ';',
    '"',
    "'",
    '<at>',
    '</at>',
    '<p>',
    '<br>',
    '<a href=',
    '<!--',
    '-->',
    '<pre>',
    '</pre>',
    '<li>',
    '&#',
    'x',
    ' ',
    '\n',
    'Title:',
    '](http://',
    '\ud800',
  ]
  test('never throws on scraps of markup', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...scraps), { maxLength: 60 }), (parts) => {
        const markup = parts.join('')
        expect(message({ html: markup, text: markup }).text).toBeTypeOf('string')
      }),
    )
  })

  const typedMarkup = [
    '<',
    '>',
    '</',
    '/>',
    ' ',
    'a',
    'b=',
    '"',
    "'",
    'script',
    'div',
    'p',
    'br',
    '!--',
    '!',
    '?',
    '\n',
    '{',
    '=',
  ]
  test('keeps every character that a user typed into a text without an html copy', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...typedMarkup), { maxLength: 40 }), (parts) => {
        const typed = parts.join('')
        expect(visible(fromText(`<at>tickets</at> ${typed}`))).toBe(visible(typed))
      }),
    )
  })

  test('keeps every character that a user typed and a browser escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (typed) => {
        const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
        expect(visible(fromHtml(`<p>${escaped}</p>`))).toBe(visible(typed))
      }),
    )
  })
})

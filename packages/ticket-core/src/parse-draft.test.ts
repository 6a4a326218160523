import { fc } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { parseDraft, PRIORITIES, readMessage, renderMessage, type BadDraft, type Draft } from './index.ts'
import { normaliseLine, normaliseText } from './normalise-text.ts'

function draftOf(text: string): Draft {
  const parsed = parseDraft(text)
  if (!parsed.ok) throw new Error(`not accepted: ${JSON.stringify(parsed.failure)}`)
  return parsed.value
}

function badDraftOf(text: string): BadDraft {
  const parsed = parseDraft(text)
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed.value)}`)
  return parsed.failure
}

const LOGIN: Draft = { title: 'Login', priority: 'high', description: 'White.', links: [] }

describe('a message', () => {
  test.each([
    ['as the help shows it', 'Title: Login\nPriority: high\nDescription: White.'],
    ['in another order', 'Description: White.\nPriority: high\nTitle: Login'],
    ['with labels in any case', 'TITLE: Login\npriority: HIGH\ndEsCrIpTiOn: White.'],
    ['with Severity for Priority', 'Title: Login\nSeverity: High\nDescription: White.'],
    ['with full-width colons and letters', 'Title：Login\nPriority：ｈｉｇｈ\nDescription：White.'],
    ['with bold labels', '**Title:** Login\n__Priority__: high\n*Description* : White.'],
    ['bold as a whole', '**Title: Login**\n**Priority: high**\n**Description: White.**'],
    ['with empty lines', '\n\nTitle: Login\n\n\nPriority: high\n\nDescription: White.\n\n'],
    ['with values under their labels', 'Title:\nLogin\nPriority:\nhigh\nDescription:\nWhite.'],
    ['without spaces', 'Title:Login\nPriority:high\nDescription:White.'],
    ['as a list', '- Title: Login\n- Priority: high\n- Description: White.'],
    ['as a numbered list', '1. Title: Login\n2. Priority: high\n3. Description: White.'],
    ['with a decorated priority', 'Title: Login\nPriority: 🔴 **High**!\nDescription: White.'],
    [
      'with no-break spaces and marks of no width',
      '\ufeffTitle\u00a0:\u00a0Login\n\u200bPriority: high\u200b\nDescription: White.',
    ],
    ['on one line', 'Title: Login Priority: high Description: White.'],
    ['on one line with commas', 'Title: Login, Priority: high, Description: White.'],
    ['on one line with bars and bold', '**Title:** Login | **Priority:** high | **Description:** White.'],
    ['half collapsed', 'Title: Login Priority: high\nDescription: White.'],
    ['half collapsed after the priority', 'Priority: high Title: Login\nDescription: White.'],
  ])('%s is understood', (_how, text) => {
    expect(draftOf(text)).toEqual(LOGIN)
  })

  test('may have steps, under either name', () => {
    const before = 'Title: Login\nPriority: high\nDescription: White.\n'
    expect(draftOf(`${before}Steps: 1. Open\n2. Wait`).steps).toBe('1. Open\n2. Wait')
    expect(draftOf(`${before}steps to reproduce：Open`).steps).toBe('Open')
    expect(draftOf(`Title: Login Priority: high Description: White. Steps to reproduce: Open`).steps).toBe('Open')
    expect(draftOf(`${before}Steps:`)).toEqual(LOGIN)
  })

  test('keeps a description of many lines as it is', () => {
    const description = 'White.\n\n  - in Firefox\n  - not in Chrome\n\nSee: the log'
    expect(draftOf(`Title: Login\nDescription: ${description}\nPriority: low`).description).toBe(description)
  })

  test('keeps a label that comes again as text of the open field', () => {
    expect(
      draftOf('Title: Login\nPriority: high\nDescription: It says\nTitle: undefined\nSeverity: none').description,
    ).toBe('It says\nTitle: undefined\nSeverity: none')
  })

  test('takes a label inside a line for text as soon as lines start with labels', () => {
    expect(draftOf('Title: The Steps: field\nPriority: low\nDescription: A Priority: high is shown').description).toBe(
      'A Priority: high is shown',
    )
    expect(draftOf('Title: The Steps: field\nPriority: low\nDescription: x').title).toBe('The Steps: field')
  })

  test.each([
    ['a comma', 'Title: Login, Priority: high, Description: words, words,', 'words, words,'],
    ['a list that is empty yet', 'Title: Login | Priority: high | Description: a list -', 'a list -'],
    ['bold of its own', '**Title: Login, Priority: high, Description: It is **white**', 'It is **white**'],
    ['bold around the form', '**Title: Login, Priority: high, Description: White.**', 'White.'],
    ['italics around the form', '_Title: Login | Priority: high | Description: White_', 'White'],
  ])('keeps the end of the last field on a line: %s', (_name, text, description) => {
    expect(draftOf(text).description).toBe(description)
  })

  test('loses no text: text before the labels or under the priority joins the description', () => {
    expect(draftOf('Hello team!\nTitle: Login\nDescription: White.\nPriority: high\nThanks, Ada').description).toBe(
      'Hello team!\n\nWhite.\n\nThanks, Ada',
    )
  })

  test('takes a backslash before a label for "this is text"', () => {
    expect(draftOf('Title: Login\nPriority: high\nDescription: x\n\\Steps: none').description).toBe('x\nSteps: none')
  })

  test('keeps a backslash before anything else', () => {
    expect(draftOf('Title: Login\nPriority: high\nDescription: x\n\\\\server\\share').description).toBe(
      'x\n\\\\server\\share',
    )
  })

  test('has the links of its text, each once', () => {
    const { links } = draftOf(
      'Title: See https://example.com/a.\nPriority: high\nDescription: [the log](https://example.com/log)[x](http://b.example) (https://example.com/a) https://en.wikipedia.org/wiki/A_(b), mailto:ada@example.com javascript:alert(1)\nSteps: https://example.com/s',
    )
    expect(links).toEqual([
      { text: 'https://example.com/a', url: 'https://example.com/a' },
      { text: 'the log', url: 'https://example.com/log' },
      { text: 'x', url: 'http://b.example' },
      { text: 'https://en.wikipedia.org/wiki/A_(b)', url: 'https://en.wikipedia.org/wiki/A_(b)' },
      { text: 'mailto:ada@example.com', url: 'mailto:ada@example.com' },
      { text: 'https://example.com/s', url: 'https://example.com/s' },
    ])
  })

  test('may hold labels inside code, which are code', () => {
    const html =
      '<p>Title: Login</p><p>Priority: high</p><p>Description: it prints</p><pre>Steps: 1\n\\Title: x</pre><p>done</p>'
    const { text } = readMessage({ id: '1', at: 0, text: '', html, imageAttachments: 0, conversationId: 'c' })
    expect(draftOf(text)).toEqual({
      ...LOGIN,
      description: 'it prints\n```\nSteps: 1\n\\Title: x\n```\ndone',
    })
  })

  test('may be a form pasted as one code block', () => {
    const html = '<p>please:</p><pre>Title: Login\nPriority: high\nDescription: White.</pre>'
    const { text } = readMessage({ id: '1', at: 0, text: '', html, imageAttachments: 0, conversationId: 'c' })
    expect(draftOf(text)).toEqual({ ...LOGIN, description: 'please:\n\nWhite.' })
  })
})

describe('a bad message', () => {
  test('gets every problem, and a form with what was understood', () => {
    expect(badDraftOf('Priority: soon\nSteps: Open')).toEqual({
      problems: [
        { field: 'title', code: 'missing', allowed: 'a short text on one line' },
        { field: 'priority', code: 'not-allowed', came: 'soon', allowed: 'low, medium or high' },
        { field: 'description', code: 'missing', allowed: 'a text of one line or more' },
      ],
      correctedForm: 'Title:\nPriority:\nDescription:\nSteps: Open',
      blanks: ['title', 'priority', 'description'],
    })
  })

  test('without any label gets a form with its text as the description', () => {
    const { problems, correctedForm, blanks } = badDraftOf('the login page is blank\nsince 9:40')
    expect(problems.map(({ code }) => code)).toEqual(['missing', 'missing', 'missing'])
    expect(correctedForm).toBe('Title:\nPriority:\nDescription: the login page is blank\nsince 9:40')
    expect(blanks).toEqual(['title', 'priority'])
  })

  test('distinguishes an empty field from a missing one', () => {
    expect(badDraftOf('Title:\nPriority: \nDescription:  ').problems).toEqual([
      { field: 'title', code: 'empty', allowed: 'a short text on one line' },
      { field: 'priority', code: 'empty', allowed: 'low, medium or high' },
      { field: 'description', code: 'empty', allowed: 'a text of one line or more' },
    ])
  })

  test('with a misspelt priority gets a form that is accepted as it is', () => {
    const { problems, correctedForm, blanks } = badDraftOf('Title: Login\nPriority: hgih\nDescription: White.')
    expect(problems).toEqual([
      { field: 'priority', code: 'not-allowed', came: 'hgih', allowed: 'low, medium or high', suggestion: 'high' },
    ])
    expect(blanks).toEqual([])
    expect(draftOf(correctedForm)).toEqual(LOGIN)
  })

  test.each([
    ['hgih', 'high'],
    ['Hihg', 'high'],
    ['High priority', 'high'],
    ['high or medium', 'high'],
    ['urgent!!', 'high'],
    ['P1', 'high'],
    ['meduim', 'medium'],
    ['Normal', 'medium'],
    ['lo', 'low'],
    ['lwo', 'low'],
    ['minor', 'low'],
    ['banana', undefined],
    ['haha this is a joke', undefined],
    ['?', undefined],
  ])('with the priority "%s" is suggested %s', (came, suggestion) => {
    const [problem] = badDraftOf(`Title: Login\nPriority: ${came}\nDescription: White.`).problems
    expect(problem?.suggestion).toBe(suggestion)
  })
})

// A value of a field with everything in it that could be mistaken for something else.
const scraps = fc.constantFrom(
  'Title: x',
  'PRIORITY：low',
  '**Steps:** y',
  'Description:',
  '\\Title: z',
  '\\',
  '- severity: a',
  ' ',
  '```',
  'https://example.com/a',
  '[b](http://c.example)',
  '*',
  ':',
  '：',
  'é',
  '🍺',
  '\u200d',
  '>',
  '1.',
  '\ud800',
  '> Title: q',
  '###',
  '(2) Priority: low',
  '[x]',
  '|',
  'Title | t',
  '\u2068Steps\u2069: s',
  '\u200f',
  '\u2069',
)
const words = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), scraps)
const lineText = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '))
const anyText = fc.array(lineText, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'))
const priorities = fc.constantFrom('low', 'medium', 'high')
const messages = fc
  .record({
    title: lineText,
    priority: priorities,
    description: anyText,
    steps: fc.option(anyText, { nil: undefined }),
  })
  .map(({ title, priority, description, steps }) => {
    const lines = [`Title: ${title}`, `Priority: ${priority}`, `Description: ${description}`]
    return steps === undefined ? lines : lines.concat(`Steps: ${steps}`)
  })
  .chain((lines) => fc.shuffledSubarray(lines, { minLength: lines.length }))
  .map((lines) => lines.join('\n'))

describe('the laws of messages', () => {
  test('any draft survives render and parse', () => {
    fc.assert(
      fc.property(messages, (text) => {
        const parsed = parseDraft(text)
        if (!parsed.ok) return
        expect(draftOf(renderMessage(parsed.value))).toEqual(parsed.value)
      }),
      { numRuns: 500 },
    )
  })

  const fields = anyText.map(normaliseText).filter((text) => text !== '')
  const drafts = fc.record({
    title: lineText.map(normaliseLine).filter((text) => text !== ''),
    priority: fc.constantFrom(...PRIORITIES),
    description: fields,
    steps: fields,
  })
  test('any fields survive it, with any labels in them', () => {
    fc.assert(
      fc.property(drafts, (draft) => {
        expect(parseDraft(renderMessage({ ...draft, links: [] }))).toMatchObject({ ok: true, value: draft })
      }),
      { numRuns: 500 },
    )
  })

  test('a corrected form is accepted once its blanks are filled', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, messages), (text) => {
        const parsed = parseDraft(text)
        if (parsed.ok) return
        const filled = parsed.failure.correctedForm
          .replace(/^Title:$/m, 'Title: filled')
          .replace(/^Priority:$/m, 'Priority: low')
          .replace(/^Description:$/m, 'Description: filled')
        expect(parseDraft(filled)).toMatchObject({ ok: true })
      }),
      { numRuns: 500 },
    )
  })

  test('no text throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseDraft(text).ok).toBe(false)
      }),
    )
  })
})

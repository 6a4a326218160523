import { largest, valueAt, type Point } from './curve.ts'

/** One chart: a curve of steps over minutes. */
export interface Chart {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly curve: readonly Point[]
  /** Milliseconds: what is shown of the curve, and which instant the axis calls 0. */
  readonly from: number
  readonly to: number
  readonly zero: number
  /** A span that is shaded, with a word on it. Milliseconds. */
  readonly shaded?: { readonly from: number; readonly to: number; readonly label: string }
  /** A line across, with a word on it. */
  readonly limit?: { readonly value: number; readonly label: string }
}

const WIDTH = 480
const HEIGHT = 260
const INSET = { left: 62, right: 18, top: 40, bottom: 46 } as const
const PLOT = { width: WIDTH - INSET.left - INSET.right, height: HEIGHT - INSET.top - INSET.bottom } as const
const TITLE = 44
const MINUTE = 60_000
const TICKS = 5

/** Draws columns of charts as one SVG. */
export function drawPlot(title: string, columns: readonly (readonly Chart[])[]): string {
  const width = WIDTH * columns.length
  const height = TITLE + HEIGHT * Math.max(...columns.map((charts) => charts.length))
  const placed = columns.flatMap((charts, column) =>
    charts.map((chart, row) => {
      const place = `translate(${column * WIDTH} ${TITLE + row * HEIGHT})`
      return `<g transform="${place}">\n${drawChart(chart)}\n</g>`
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="sans-serif" font-size="12" fill="#222">
<title>${escape(title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${width / 2}" y="28" text-anchor="middle" font-size="17" font-weight="bold">${escape(title)}</text>
${placed.join('\n')}
</svg>
`
}

function drawChart(chart: Chart): string {
  const { from, to, zero, curve, shaded, limit } = chart
  const shown = [{ at: from, value: valueAt(curve, from) }, ...curve.filter(({ at }) => at > from && at <= to)]
  const yStep = niceStep(Math.max(largest(shown), limit?.value ?? 0) * 1.08)
  const top = yStep * Math.ceil((Math.max(largest(shown), limit?.value ?? 0) * 1.08) / yStep)
  const xStep = niceStep((to - from) / MINUTE) * MINUTE
  const x = (at: number): number => round(INSET.left + ((at - from) / (to - from)) * PLOT.width)
  const y = (value: number): number => round(INSET.top + (1 - value / top) * PLOT.height)
  const bottom = y(0)

  const marks: string[] = []
  if (shaded) {
    const [left, right] = [x(Math.max(from, shaded.from)), x(Math.min(to, shaded.to))]
    marks.push(
      `<rect x="${left}" y="${INSET.top}" width="${round(right - left)}" height="${PLOT.height}" fill="#f6dcd6"/>`,
      text({ x: left + 6, y: INSET.top + 16, words: shaded.label, more: 'fill="#9c3a22"' }),
    )
  }
  for (let value = 0; value <= top; value += yStep)
    marks.push(
      line([INSET.left, y(value), WIDTH - INSET.right, y(value)], '#e3e3e3'),
      text({ x: INSET.left - 7, y: y(value) + 4, words: String(value), more: 'text-anchor="end"' }),
    )
  for (let at = zero + Math.ceil((from - zero) / xStep) * xStep; at <= to; at += xStep)
    marks.push(
      line([x(at), bottom, x(at), bottom + 5], '#222'),
      text({ x: x(at), y: bottom + 18, words: String((at - zero) / MINUTE), more: 'text-anchor="middle"' }),
    )
  if (limit)
    marks.push(
      line([INSET.left, y(limit.value), WIDTH - INSET.right, y(limit.value)], '#b3261e', '6 4'),
      text({
        x: WIDTH - INSET.right - 4,
        y: y(limit.value) - 5,
        words: limit.label,
        more: 'text-anchor="end" fill="#b3261e"',
      }),
    )
  marks.push(
    `<path d="${steps({ points: shown, x, y, end: to })}" fill="none" stroke="#1d5fa8" stroke-width="1.6"/>`,
    line([INSET.left, INSET.top, INSET.left, bottom], '#222'),
    line([INSET.left, bottom, WIDTH - INSET.right, bottom], '#222'),
    text({ x: INSET.left, y: INSET.top - 14, words: chart.title, more: 'font-weight="bold"' }),
    text({ x: INSET.left + PLOT.width / 2, y: HEIGHT - 8, words: chart.x, more: 'text-anchor="middle"' }),
    `<text transform="translate(16 ${INSET.top + PLOT.height / 2}) rotate(-90)" text-anchor="middle">${escape(chart.y)}</text>`,
  )
  return marks.join('\n')
}

interface Steps {
  readonly points: readonly Point[]
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly end: number
}

/** Each value holds until the next point. */
function steps({ points, x, y, end }: Steps): string {
  const [first, ...rest] = points
  if (!first) return ''
  return [
    `M${x(first.at)} ${y(first.value)}`,
    ...rest.map(({ at, value }) => `H${x(at)}V${y(value)}`),
    `H${x(end)}`,
  ].join('')
}

/** 1, 2 or 5 times a power of ten: about {@link TICKS} of them make `span`. */
function niceStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / TICKS))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => span / step <= TICKS + 1) ?? power * 10
}

function line([x1, y1, x2, y2]: readonly [number, number, number, number], stroke: string, dashes = 'none'): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}" stroke-dasharray="${dashes}"/>`
}

interface Words {
  readonly x: number
  readonly y: number
  readonly words: string
  readonly more: string
}

function text({ x, y, words, more }: Words): string {
  return `<text x="${round(x)}" y="${round(y)}" ${more}>${escape(words)}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

import type { Metrics } from 'ticket-core'

export interface MetricsRegistry extends Metrics {
  /** Prometheus text (https://prometheus.io/docs/instrumenting/exposition_formats/), names and label sets in the order in which they first came. */
  render(): string
}

export interface MetricsOptions {
  /** Help texts by metric name. */
  readonly help?: Readonly<Record<string, string>>
  /** Upper bounds of the histograms' buckets, in seconds, ascending. */
  readonly buckets?: readonly number[]
  /** Label sets of one name; further ones are dropped, so that a mistaken label cannot fill the memory. @default 500 */
  readonly maxSeries?: number
}

type Labels = Readonly<Record<string, string>>

interface Series {
  readonly labels: Labels
  /** Of a counter the count; of a histogram the sum of seconds. */
  total: number
  observations: number
  readonly perBucket: number[]
}

interface Family {
  readonly type: 'counter' | 'histogram'
  readonly series: Map<string, Series>
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/**
 * Counters and histograms in memory. Our own 100 lines instead of a package: nothing else of one would be used.
 * A malformed name, or one name for two kinds, is a bug and throws.
 */
export function createMetrics({ help = {}, buckets = BUCKETS, maxSeries = 500 }: MetricsOptions = {}): MetricsRegistry {
  const families = new Map<string, Family>()

  function find(name: string, type: Family['type'], labels: Labels): Series | undefined {
    let family = families.get(name)
    if (!family) {
      checkName(name)
      family = { type, series: new Map() }
      families.set(name, family)
    }
    if (family.type !== type) throw new TypeError(`Metric ${name} is a ${family.type}, not a ${type}.`)
    const key = renderLabels(labels)
    let series = family.series.get(key)
    if (!series && family.series.size < maxSeries) {
      for (const label of Object.keys(labels)) checkName(label)
      series = { labels, total: 0, observations: 0, perBucket: buckets.map(() => 0) }
      family.series.set(key, series)
    }
    return series
  }

  return {
    count(name, labels = {}, by = 1) {
      if (!(by >= 0)) throw new RangeError(`Counter ${name} can only grow; it was given ${by}.`)
      const series = find(name, 'counter', labels)
      if (series) series.total += by
    },
    observe(name, seconds, labels = {}) {
      const series = find(name, 'histogram', labels)
      if (!series) return
      series.total += seconds
      series.observations += 1
      const bucket = buckets.findIndex((bound) => seconds <= bound)
      if (bucket !== -1) series.perBucket[bucket] = (series.perBucket[bucket] ?? 0) + 1
    },
    render() {
      const lines: string[] = []
      for (const [name, { type, series }] of families) {
        const text = help[name]
        if (text !== undefined) lines.push(`# HELP ${name} ${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
        lines.push(`# TYPE ${name} ${type}`)
        for (const one of series.values())
          lines.push(...(type === 'counter' ? renderCounter(name, one) : renderHistogram(name, one, buckets)))
      }
      return lines.length === 0 ? '' : `${lines.join('\n')}\n`
    },
  }
}

function renderCounter(name: string, { labels, total }: Series): string[] {
  return [`${name}${renderLabels(labels)} ${renderNumber(total)}`]
}

function renderHistogram(name: string, series: Series, buckets: readonly number[]): string[] {
  const { labels, total, observations, perBucket } = series
  let below = 0
  const lines = buckets.map((bound, index) => {
    below += perBucket[index] ?? 0
    return `${name}_bucket${renderLabels({ ...labels, le: renderNumber(bound) })} ${below}`
  })
  return [
    ...lines,
    `${name}_bucket${renderLabels({ ...labels, le: '+Inf' })} ${observations}`,
    `${name}_sum${renderLabels(labels)} ${renderNumber(total)}`,
    `${name}_count${renderLabels(labels)} ${observations}`,
  ]
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new RangeError(`A metric or label is named by ${NAME.source}; "${name}" is not.`)
}

/** `{a="1",b="2"}` in the order of the labels' names, or nothing when there are none. */
function renderLabels(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).toSorted()
  if (names.length === 0) return ''
  return `{${names.map((name) => `${name}="${escapeLabel(labels[name] ?? '')}"`).join(',')}}`
}

/** A number as Prometheus reads it. */
function renderNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

/** Backslash, double quote and line feed are escaped; a carriage return has no escape and would end a line for some. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', ' ')
}

import type { Chart } from './plot.ts'
import { describeWindow } from './report.ts'
import type { OutageFigures } from './run-outage.ts'

/** The backlog of an outage, its end once more from near, and how close to the vendor's first limit it was. */
export function chartsOf({ backlog, windows, backAt, lastAt }: OutageFigures, name: string): Chart[] {
  const margin = (lastAt - backAt) / 8
  const shaded = { from: 0, to: backAt, label: 'down' }
  const recovery = { x: 'minutes since the vendor was back', from: backAt - margin, zero: backAt }
  const y = 'tickets that wait'
  const common = { to: lastAt + margin, shaded }
  const charts: Chart[] = [
    {
      title: `Down for ${name}: the backlog`,
      x: 'minutes since the vendor went down',
      y,
      curve: backlog,
      from: 0,
      zero: 0,
      ...common,
    },
    { title: 'After it: the backlog', y, curve: backlog, ...recovery, ...common },
  ]
  for (const window of windows.slice(0, 1)) {
    charts.push({
      title: `After it: ${describeWindow(window)}`,
      y: `calls in the last ${window.windowMs / 1000} s`,
      curve: window.calls,
      limit: { value: window.most, label: "the vendor's limit" },
      ...recovery,
      ...common,
    })
  }
  return charts
}

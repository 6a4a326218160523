import { fc } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { createMetrics } from './index.ts'

test('counters and histograms render as Prometheus reads them', () => {
  const metrics = createMetrics({ help: { tickets_total: 'Tickets\nby outcome.' }, buckets: [0.1, 1] })
  metrics.count('tickets_total', { outcome: 'accepted', destination: 'board' })
  metrics.count('tickets_total', { destination: 'board', outcome: 'accepted' }, 2)
  metrics.count('starts_total')
  metrics.observe('reply_seconds', 0.1)
  metrics.observe('reply_seconds', 0.5)
  metrics.observe('reply_seconds', 7)
  expect(metrics.render()).toBe(
    [
      String.raw`# HELP tickets_total Tickets\nby outcome.`,
      '# TYPE tickets_total counter',
      'tickets_total{destination="board",outcome="accepted"} 3',
      '# TYPE starts_total counter',
      'starts_total 1',
      '# TYPE reply_seconds histogram',
      'reply_seconds_bucket{le="0.1"} 1',
      'reply_seconds_bucket{le="1"} 2',
      'reply_seconds_bucket{le="+Inf"} 3',
      'reply_seconds_sum 7.6',
      'reply_seconds_count 3',
      '',
    ].join('\n'),
  )
})

test('nothing counted renders as nothing', () => {
  expect(createMetrics().render()).toBe('')
})

test('a label’s value stays within its quotes and its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const metrics = createMetrics()
      metrics.count('a_total', { label: value })
      const lines = metrics.render().split('\n')
      expect(lines).toHaveLength(3)
      expect(lines[1]).toMatch(/^a_total\{label="(?:[^"\\]|\\[\\n"])*"\} 1$/s)
    }),
  )
})

test('label sets beyond the limit are dropped, those that are known go on', () => {
  const metrics = createMetrics({ maxSeries: 2 })
  for (const id of ['a', 'b', 'c', 'a']) metrics.count('a_total', { id })
  expect(metrics.render()).toBe('# TYPE a_total counter\na_total{id="a"} 2\na_total{id="b"} 1\n')
})

test('a wrong name, a shrinking counter and one name for two kinds are bugs', () => {
  const metrics = createMetrics()
  metrics.count('a_total')
  expect(() => metrics.count('a-b')).toThrow(RangeError)
  expect(() => metrics.count('c_total', { 'x y': '1' })).toThrow(RangeError)
  expect(() => metrics.count('a_total', {}, -1)).toThrow(RangeError)
  expect(() => metrics.observe('a_total', 1)).toThrow(TypeError)
})

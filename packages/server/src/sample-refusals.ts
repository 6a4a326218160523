import type { Clock, Log } from 'ticket-core'

/** Lines of one kind that are written in a window of time; the rest are counted. */
const LINES = 10
const WINDOW = 60_000

interface Window {
  readonly began: number
  lines: number
  leftOut: number
}

/**
 * A log that refused requests cannot fill: it writes ten lines a minute for each code, and counts the rest. The count is
 * written with the next line after that minute. `/metrics` counts all of them.
 */
export function sampleRefusals(log: Log, clock: Clock): Log {
  const windows = new Map<string, Window>()

  function endWindows(now: number): void {
    for (const [code, { began, leftOut }] of windows) {
      if (now - began < WINDOW) continue
      windows.delete(code)
      if (leftOut > 0) log.write('warn', 'request.refused.left-out', { code, leftOut, seconds: WINDOW / 1000 })
    }
  }

  return {
    write(level, event, fields) {
      const now = clock.monotonic()
      endWindows(now)
      if (event === 'request.refused') {
        const code = String(fields?.['code'])
        const window = windows.get(code) ?? { began: now, lines: 0, leftOut: 0 }
        windows.set(code, window)
        if (window.lines >= LINES) {
          window.leftOut += 1
          return
        }
        window.lines += 1
      }
      log.write(level, event, fields)
    },
  }
}

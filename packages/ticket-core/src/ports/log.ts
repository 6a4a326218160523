/** Severity of a log line; lines below the chosen level are not written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Values of a log line: plain data only, never texts of tickets or secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined | readonly string[]>>

/** One line for each event; `event` is a fixed name such as `ticket.accepted`. */
export interface Log {
  write(level: LogLevel, event: string, fields?: LogFields): void
}

/** Counters and durations, for `/metrics`. */
export interface Metrics {
  /** Adds 1 (or `by`) to a counter. */
  count(name: string, labels?: Readonly<Record<string, string>>, by?: number): void
  /** Records a duration in seconds. */
  observe(name: string, seconds: number, labels?: Readonly<Record<string, string>>): void
}

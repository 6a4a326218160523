/** A text in a file, and what stands there instead; and the test that must then fail. SECURITY.md names each. */
export interface SecurityDefect {
  /** As the table of SECURITY.md has it. */
  readonly name: string
  /** Below `packages/`. */
  readonly file: string
  readonly find: string
  readonly put: string
  /** `file::title`, as SECURITY.md names tests. */
  readonly caughtBy: string
  /** The answer that the test waits for never comes: it runs out of time, and no assertion is reached. @default false */
  readonly hangs?: true
}

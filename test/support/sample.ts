import { sample, subarray } from 'fast-check'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Set for `pnpm test`; `pnpm test:long` runs the same files with everything. */
    readonly sampled?: true
  }
}

/** In `pnpm test` a few of many cases of one kind, drawn in each run; everywhere else all of them. */
export function sampleOf<Case>(all: readonly Case[], few: number): readonly Case[] {
  if (all.length <= few) return all
  const drawn = subarray([...all], { minLength: few, maxLength: few })
  return isSampled() ? (sample(drawn, 1)[0] ?? []) : all
}

/** Whether this is `pnpm test`, which tries a small part of what takes long. */
export function isSampled(): boolean {
  return inject('sampled') === true
}

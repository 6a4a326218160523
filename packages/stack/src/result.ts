import type { StackProblem } from './resource.ts'
import { StackError } from './resource.ts'

/** An expected outcome that may fail: failures are values, bugs are thrown. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure }

/** Where a {@link StackError} becomes the value that callers get; a bug goes on. */
export async function problemAsValue<Value>(run: () => Promise<Value>): Promise<Result<Value, StackProblem>> {
  try {
    return { ok: true, value: await run() }
  } catch (error) {
    if (error instanceof StackError) return { ok: false, failure: error.detail }
    throw error
  }
}

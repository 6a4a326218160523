import { type StackProblem, StackError } from './resource.ts'

/** One task, to run after the tasks it needs. */
export interface Task {
  readonly id: string
  readonly needs: readonly string[]
  readonly run: () => Promise<unknown>
}

/**
 * Runs all tasks, each as soon as what it needs is done, and returns the problems. A task whose need failed is skipped
 * silently: the cause is reported once. A bug is thrown after everything else has ended.
 */
export async function runTasks(tasks: readonly Task[]): Promise<readonly StackProblem[]> {
  const problems: StackProblem[] = []
  const bugs: unknown[] = []
  const done = new Map<string, Promise<boolean>>()
  const start = async ({ needs, run }: Task): Promise<boolean> => {
    const before = await Promise.all(needs.flatMap((id) => done.get(id) ?? []))
    if (before.includes(false)) return false
    try {
      await run()
      return true
    } catch (error) {
      if (error instanceof StackError) problems.push(error.detail)
      else bugs.push(error)
      return false
    }
  }
  for (const task of tasks) done.set(task.id, start(task))
  await Promise.all(done.values())
  if (bugs.length > 0) throw bugs[0]
  return problems
}

import { type ResolveHookContext, type ResolveHookSync, createRequire } from 'node:module'
import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Lets a function find packages in its own zip only: a package from a folder above would work here and fail on AWS.
 * The AWS SDK is the exception, because Lambda's Node runtime contains it.
 */
export function resolveInside(taskRoot: string): ResolveHookSync {
  const inside = pathToFileURL(taskRoot + sep).href
  return (specifier, context, nextResolve) => {
    if (context.parentURL?.startsWith(inside) !== true || !isBare(specifier)) return nextResolve(specifier, context)
    const found = attempt(() => nextResolve(specifier, context))
    if (found && (!found.url.startsWith('file:') || found.url.startsWith(inside))) return found
    if (BROUGHT_BY_RUNTIME.test(specifier)) return { url: ownCopy(specifier, context), shortCircuit: true }
    throw Object.assign(new Error(`Cannot find module '${specifier}'`), { code: 'MODULE_NOT_FOUND' })
  }
}

function ownCopy(specifier: string, { conditions }: ResolveHookContext): string {
  if (conditions.includes('import')) return import.meta.resolve(specifier)
  return pathToFileURL(createRequire(import.meta.url).resolve(specifier)).href
}

const BROUGHT_BY_RUNTIME = /^@(?:aws-sdk|smithy)\//u

function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}[/\\]|\.{1,2}$|[a-z][a-z\d+.-]+:|#|[A-Za-z]:\\)/u.test(specifier)
}

function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

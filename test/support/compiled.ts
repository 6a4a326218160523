import { fileURLToPath } from 'node:url'

/**
 * Where Node keeps what it compiled (`NODE_COMPILE_CACHE`), from run to run: half of what it costs to start one of our
 * processes is the compiler's otherwise. Entries are by content, so nothing stale is ever run.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
export const COMPILED: string = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))

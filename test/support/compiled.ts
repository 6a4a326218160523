import { fileURLToPath } from 'node:url'

/**
 * The folder of Node's compile cache (`NODE_COMPILE_CACHE`): compiling is half of the start of our processes. Entries are
 * keyed by content, so no stale code runs.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
export const COMPILED: string = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))

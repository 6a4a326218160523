/**
 * What `pnpm test` runs on any machine. Steps of their own: every scenario on real processes (`pnpm test:processes`), and
 * planted defects (`pnpm test:teeth`).
 */
export const ALWAYS_HERE: readonly string[] = ['tests']

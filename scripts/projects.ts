/**
 * What `pnpm test` runs on any machine. Steps of their own: every scenario on real processes (`pnpm test:processes`),
 * planted defects (`pnpm test:defects`), and web pages in Chromium (`pnpm test:browser`).
 */
export const ALWAYS_HERE: readonly string[] = ['tests']

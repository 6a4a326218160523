import { buildBundles } from '@ticketing/lambdas/build'

/** Once before all scenarios: the functions run from their real zips. */
export async function setup(): Promise<void> {
  await buildBundles()
}

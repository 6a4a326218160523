import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadBundles } from '@ticketing/lambdas'
import { cloudFormationTemplate, describeStack } from '@ticketing/stack'

// `.ci/lint-template` FOLDER: writes both templates there, with line 1 as a server and as a function.

const [folder = '.'] = process.argv.slice(2)
const { intake, ...lanes } = await loadBundles()
const handler = 'index.handler'
const codeOf = (zip: Uint8Array): { zip: Uint8Array; handler: string } => ({ zip, handler })
const { low, medium, high, news, events, dead } = lanes
const common = {
  prefix: 'acme',
  region: 'eu-central-1',
  accountId: '111122223333',
  secretId: 'ticketing-app',
  functions: {
    low: codeOf(low),
    medium: codeOf(medium),
    high: codeOf(high),
    news: codeOf(news),
    events: codeOf(events),
    dead: codeOf(dead),
  },
}
for (const [name, stack] of Object.entries({
  server: describeStack({ ...common, intake: 'none' }),
  function: describeStack({ ...common, intake: { code: codeOf(intake) } }),
}))
  await writeFile(join(folder, `${name}.template.json`), JSON.stringify(cloudFormationTemplate(stack)))

import { createHash } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { createProcessExecutor } from '../executors/process.ts'
import { systemClock } from '../system-clock.ts'

// A process that a test kills: runs one function that never yields and one that waits, and sends their pids.
const executor = createProcessExecutor({
  clock: systemClock,
  endpoint: () => 'http://127.0.0.1:1',
  directory: process.argv[2] ?? '',
})
const sources = {
  spinning: 'export const handler = async () => { console.log(process.pid); for (;;); }',
  waiting:
    'export const handler = () => { console.log(process.pid); setInterval(() => {}, 1000); return new Promise(() => {}) }',
}
for (const [name, source] of Object.entries(sources)) {
  const code = zipSync({ 'index.mjs': strToU8(source) })
  void executor.invoke({
    spec: {
      name,
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      version: '$LATEST',
      accountId: '000000000000',
      region: 'us-east-1',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      timeoutSeconds: 60,
      memoryMb: 128,
      variables: {},
      roleArn: 'arn:aws:iam::000000000000:role/worker',
      codeSha256: createHash('sha256').update(code).digest('base64'),
    },
    invokedArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    requestId: name,
    payload: '{}',
    code: () => code,
    log: ({ stream, text }) => {
      if (stream === 'stdout') process.send?.(Number(text.split('\t').at(-1)))
    },
  })
}

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

it('ends quietly when the reader of its output closes the pipe', async () => {
  const child = spawn(process.execPath, ['--conditions=source', MAIN, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const code = await new Promise((resolve) => {
    child.once('close', resolve)
  })
  expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
})

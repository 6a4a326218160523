import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { run } from '../deploy/run.ts'
import { localstackImage } from './localstack-image.ts'

const script = (name: string): string => fileURLToPath(new URL(`../../scripts/${name}.ts`, import.meta.url))

/** Runs a script of package.json with these settings and nothing else that could decide it. */
async function start(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  const clean = Object.entries(process.env).filter(
    ([key]) => !/^(AWS|TICKETING|LOCALSTACK|DOCKER|NODE_OPTIONS)/.test(key),
  )
  const { code, stderr } = await run(process.execPath, ['--conditions=source', script(name)], {
    env: { ...Object.fromEntries(clean), ...env },
  })
  return { code, stderr }
}

describe('a backend that is not here is reported in one line, with what to do', () => {
  it('no container runtime', async () => {
    expect(await start('test-localstack', { DOCKER_HOST: 'tcp://127.0.0.1:1' })).toEqual({
      code: 1,
      stderr: 'test:localstack: no container runtime answers; start Docker or Podman, or name it by DOCKER_HOST\n',
    })
  })

  it.for([
    [{}, 'AWS_ENDPOINT_URL is not set; for example AWS_ENDPOINT_URL=http://127.0.0.1:4566 pnpm test:endpoint'],
    [{ AWS_ENDPOINT_URL: 'localhost' }, 'AWS_ENDPOINT_URL is "localhost": it must be an http or https URL'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'nothing answers at http://127.0.0.1:1; start the cloud there'],
    [{ TICKETING_REAL_ACCOUNT: 'mine' }, 'TICKETING_REAL_ACCOUNT is "mine": it must be the twelve digits'],
  ] as const)('an endpoint: %j', async ([env, says]) => {
    const { code, stderr } = await start('test-endpoint', env)
    expect({ code, lines: stderr.trimEnd().split('\n') }).toEqual({ code: 1, lines: [expect.stringContaining(says)] })
  })

  it('the image is the pinned one unless another one is named', () => {
    expect(localstackImage({})).toMatch(/^localstack\/localstack:4\.14\.0@sha256:[0-9a-f]{64}$/)
    expect(localstackImage({ LOCALSTACK_IMAGE: 'localstack/localstack:2026.3' })).toBe('localstack/localstack:2026.3')
  })
})

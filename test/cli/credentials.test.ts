import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { cleanEnvironment, makeFolder } from './start-command.ts'
import { runCommand } from '../support/run-command.ts'

const SSO = `[profile sso]
sso_session = my
sso_account_id = 111122223333
sso_role_name = Dev
region = us-east-1
[sso-session my]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
`
const REAL_AWS = { TICKETING_AWS: '1', AWS_REGION: 'us-east-1' }
/** Nothing listens there: these commands fail before they send anything. */
const NO_SERVER = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }

describe.concurrent('credentials that a person must fix', { timeout: 60_000 }, () => {
  it.for([
    [
      'a line break at the end of the key id',
      { ...NO_SERVER, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE\n', AWS_SECRET_ACCESS_KEY: 'x' },
      'look at AWS_ACCESS_KEY_ID',
    ],
    [
      'a token file that is not there',
      {
        ...REAL_AWS,
        AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/x',
        AWS_WEB_IDENTITY_TOKEN_FILE: '/nonexistent/token',
      },
      "no such file or directory, open '/nonexistent/token'",
    ],
    ['a profile without a session', { ...REAL_AWS, AWS_PROFILE: 'sso' }, 'aws sso login'],
    ['a profile that is not there', { ...REAL_AWS, AWS_PROFILE: 'nobody' }, 'set AWS_PROFILE, or '],
  ] as const)('%s: one line with the advice, and no retry', async ([, env, advice], { expect }) => {
    await using folder = await makeFolder()
    await mkdir(join(folder.path, '.aws'))
    await writeFile(join(folder.path, '.aws', 'config'), SSO)
    const whole = { ...cleanEnvironment(), HOME: folder.path, AWS_EC2_METADATA_DISABLED: 'true', ...env }
    const [server, status] = await Promise.all(
      [
        ['server', '--restart-on-failure', '--port', '0'],
        ['status', 'T-7QK2M-9XD4R', ...('AWS_ENDPOINT_URL' in env ? [] : ['--aws'])],
      ].map((args) => runCommand(args, { cwd: folder.path, env: whole })),
    )
    const said = server?.output.trimEnd().split('\n')
    expect(said).toEqual([expect.stringContaining('"level":"error","event":"server.not-started","hint":"')])
    expect(JSON.parse(String(said?.[0]))).toMatchObject({ hint: expect.stringContaining(advice) })
    expect(server?.code).toBe(0)
    expect(status?.output.trimEnd().split('\n')).toEqual([expect.stringContaining(advice)])
    expect(status?.code).toBe(1)
  })
})

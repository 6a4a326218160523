import { createServer } from 'node:http'
import { loadBundles } from '@ticketing/lambdas'
import { startTestbed } from '@ticketing/testbed'
import { describe, expect, it } from 'vitest'
import { acceptedId, placesOf, untilDelivered } from '../support/bed.ts'
import { examineCloud } from './examine-cloud.ts'
import { listNames } from './remove-leftovers.ts'
import { startIdleCloud } from './start-cloud.ts'

const HOSTS = ['127.0.0.1']
const now = Date.now()

/** An AWS that gives its account and counts what it is asked. */
async function startAccount(account: string): Promise<{ endpoint: string; asked: string[]; close(): void }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.once('end', () => {
      asked.push(new URLSearchParams(body).get('Action') ?? `${request.method} ${request.url}`)
      response.writeHead(200, { 'content-type': 'text/xml' })
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:root</Arn><UserId>${account}</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { endpoint: `http://127.0.0.1:${port}`, asked, close: () => void server.close() }
}

describe('before scenarios run on another cloud', () => {
  it('an account that was not named is left alone, and so is another one than was named', async () => {
    const real = await startAccount('123456789012')
    const examine = (env: Record<string, string>): Promise<unknown> =>
      examineCloud({ endpoint: real.endpoint, hosts: HOSTS, env, now })
    await expect(examine({})).rejects.toThrow(
      'this is account 123456789012, which may be a real one; nothing was made. To run the tests there, set TICKETING_REAL_ACCOUNT=123456789012',
    )
    await expect(examine({ TICKETING_REAL_ACCOUNT: '210987654321' })).rejects.toThrow(
      'TICKETING_REAL_ACCOUNT is 210987654321, but the credentials are of account 123456789012; nothing was made',
    )
    expect(real.asked).toEqual(['GetCallerIdentity', 'GetCallerIdentity'])
    real.close()
  })

  it('one that runs Node functions is known by a function that a queue made call this machine; nothing of it stays', async () => {
    await using bed = await startTestbed({ bundles: await loadBundles() })
    const { cloud, says } = await examineCloud({ endpoint: bed.addresses.cloud, hosts: HOSTS, env: {}, now })
    expect(cloud).toMatchObject({ functions: 'cloud', vendors: { reachedAs: '127.0.0.1' } })
    expect(says).toContain('functions and what feeds them: its own, from the real zips')
    expect((await listNames(bed.clients)).filter((name) => name.includes(cloud.run))).toEqual([])
  })

  it('one that runs none gets ours, says why, and carries tickets of every priority', async () => {
    await using idle = await startIdleCloud()
    const { cloud, says } = await examineCloud({ endpoint: idle.endpoint, hosts: HOSTS, env: {}, now })
    expect(cloud.functions).toBe('testbed')
    expect(says.join('\n')).toMatch(/functions and what feeds them: ours, in this process \(a function fails there: /)
    {
      await using bed = await startTestbed({ bundles: await loadBundles(), externalCloud: cloud, prefix: cloud.run })
      const priorities = ['low', 'medium', 'high']
      const ids = []
      for (const priority of priorities)
        ids.push(acceptedId(await bed.teams.send({ title: `A ${priority} one`, priority, description: 'It waits.' })))
      await untilDelivered(bed, ids)
      expect(await Promise.all(ids.map((id) => placesOf(bed, id)))).toEqual([
        { bucket: 1, board: 0, alert: 0 },
        { bucket: 0, board: 1, alert: 0 },
        { bucket: 0, board: 0, alert: 1 },
      ])
    }
    expect(await listNames(idle.clients)).toEqual([])
  })
})

import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { runInProcess } from '../support/run-in-process.ts'
import { FREE_PORTS, makeFolder, startCommand } from './start-command.ts'

const DEV = ['dev', '--once', '--no-samples', ...FREE_PORTS]
const isWindows = process.platform === 'win32'

/** Paths below a folder with permissions for group or others. */
async function openToOthers(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const stats = await Promise.all(
    ['', ...names].map(async (name) => ({ name, mode: (await stat(join(folder, name))).mode })),
  )
  return stats.filter(({ mode }) => (mode & 0o077) !== 0).map(({ name }) => name)
}

describe.concurrent('the folder .ticketing', { timeout: 60_000 }, () => {
  it.skipIf(isWindows)('is private, also if an earlier version left it open', async ({ expect }) => {
    await using folder = await makeFolder()
    const state = join(folder.path, '.ticketing')
    await mkdir(join(state, 'state', 'vendors'), { recursive: true })
    await writeFile(join(state, 'running.json'), '{}')
    for (const path of [state, join(state, 'state', 'vendors'), join(state, 'running.json')]) await chmod(path, 0o777)
    await using dev = startCommand(['dev', ...FREE_PORTS], folder.path)
    await dev.until(/Ctrl-C stops/)
    expect(await readdir(state)).toContain('running.json')
    expect(await readdir(join(state, 'state'))).toContain('cloud.sqlite')
    expect(await openToOthers(state)).toEqual([])
    dev.kill('SIGINT')
    await dev.ended
  })

  it.for([
    ['a damaged lock', 'held.sqlite', 'is damaged. It holds nothing but the lock of this folder: delete it'],
    ['a file in the place of a folder', 'state', 'a file or folder of this name is in the way: move it'],
  ] as const)('%s is reported in one line, and not changed', async ([, name, said], { expect }) => {
    await using folder = await makeFolder()
    const path = join(folder.path, '.ticketing', name)
    await mkdir(join(folder.path, '.ticketing'))
    await writeFile(path, 'neither a database nor a folder '.repeat(100))
    const before = await stat(path)
    const { code, output } = await runInProcess(DEV, { cwd: folder.path })
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^ticketing dev: \S+ cannot be used/)
    expect(output).toContain(said)
    expect(output).not.toMatch(/^ +at /m)
    expect(code).toBe(1)
    expect((await stat(path)).size).toBe(before.size)
    // Other commands only see that nothing runs here.
    const status = await runInProcess(['status', 'T-7QK2M-9XD4R'], { cwd: folder.path })
    expect(status).toMatchObject({ code: 1, output: expect.stringContaining('no testbed runs in this folder') })
  })

  it.skipIf(isWindows)('that is a link is refused, and its target stays as it is', async ({ expect }) => {
    await using folder = await makeFolder()
    const target = join(folder.path, 'elsewhere')
    await mkdir(target)
    await chmod(target, 0o755)
    await symlink(target, join(folder.path, '.ticketing'))
    const { code, output } = await runInProcess(DEV, { cwd: folder.path })
    expect(output).toMatch(/^ticketing dev: \S+\.ticketing is a link, [^\n]*put a folder in its place\n$/)
    expect(code).toBe(1)
    expect(await readdir(target)).toEqual([])
  })

  // There mkdir says ENOENT of a folder whose parent exists.
  it.skipIf(process.platform !== 'linux')('that /proc does not take is reported in one line', async ({ expect }) => {
    await using dev = startCommand(DEV, '/proc')
    expect(await dev.ended).toEqual({ code: 1, signal: null })
    expect(dev.output).toBe(
      'ticketing dev: /proc/.ticketing cannot be used (ENOENT); run it in a folder where you may write\n',
    )
  })

  // Root may write everywhere.
  it.skipIf(isWindows || process.getuid?.() === 0)(
    'that cannot be created is reported in one line',
    async ({ expect }) => {
      await using folder = await makeFolder()
      await chmod(folder.path, 0o500)
      const { code, output } = await runInProcess(DEV, { cwd: folder.path })
      expect(output).toMatch(
        /^ticketing dev: \S+\.ticketing cannot be used \(\w+\); run it in a folder where you may write\n$/,
      )
      expect(code).toBe(1)
    },
  )
})

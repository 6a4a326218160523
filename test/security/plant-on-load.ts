// Preloaded by Node with `?defect=N`: plants one defect in a file of ours as it is loaded. No file is changed.
import { registerHooks } from 'node:module'
import { SECURITY_DEFECTS } from './planted-defects.ts'

const number = Number(new URL(import.meta.url).searchParams.get('defect'))
const defect = SECURITY_DEFECTS[number]
if (!defect) throw new Error(`there is no planted defect ${number}`)
const { file, find, put } = defect

// Commands that a test starts have it as well.
process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --import=${import.meta.url}`.trim()

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/packages/${file}`)) return loaded
    const source = textOf(loaded.source)
    const times = source.split(find).length - 1
    if (times !== 1) throw new Error(`${file}: expected once, found ${times} times: ${find}. Plant it again.`)
    return { ...loaded, source: source.replace(find, () => put) }
  },
})

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | null | undefined): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source ?? new Uint8Array())
}

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { REASONS, RESOURCE_KINDS, type StackPlan } from '@ticketing/stack'
import * as v from 'valibot'
import { CliError } from '../cli-error.ts'
import { writePrivateFile } from '../private-file.ts'
import { asciiJson } from '../text/printable.ts'

const Thing = v.object({ kind: v.picklist(RESOURCE_KINDS), name: v.string() })
const PlanFile = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    v: v.literal(1),
    accountId: v.string(),
    region: v.string(),
    prefix: v.string(),
    changes: v.array(
      v.object({
        resource: Thing,
        action: v.picklist(['create', 'update', 'remove']),
        differences: v.array(v.object({ field: v.string(), from: v.exactOptional(v.string()), to: v.string() })),
        adopted: v.exactOptional(v.literal(true)),
        reason: v.picklist(REASONS),
        madeFrom: v.string(),
      }),
    ),
    kept: v.array(Thing),
  }),
)

/** The plan as `--json` prints it and `--out` keeps it. */
export function planAsJson(plan: StackPlan, more: object = {}): string {
  return asciiJson({ v: 1, ...plan, ...more })
}

/** Keeps a plan for `up --plan`. */
export async function writePlan(json: string, { cwd, given }: { cwd: string; given: string }): Promise<void> {
  await writePrivateFile({ cwd, given, option: '--out' }, (put) => put(`${json}\n`))
}

/** Reads a plan that `plan --out` kept. */
export async function readPlan({ cwd, given }: { cwd: string; given: string }): Promise<StackPlan> {
  const text = await readFile(resolve(cwd, given), 'utf8').catch(() => undefined)
  if (text === undefined) throw new CliError(`--plan: ${given} cannot be read; make it with: plan --out ${given}`)
  const read = v.safeParse(PlanFile, text)
  if (!read.success) throw new CliError(`--plan: ${given} is no plan of this version; make a new one`)
  const { v: _version, ...plan } = read.output
  return plan
}

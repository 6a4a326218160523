import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Simulator } from './simulator.ts'

/** A simulator's saved state cannot be read: the file was changed, or is not complete. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState'
}

/**
 * Keeps the simulators' states in a folder, one JSON file each. Reads them now, and writes a change before the request is
 * answered: a card survives a killed process. The returned function stops that. Throws when a saved state is damaged.
 */
export function keepSimulatorState(folder: string, simulators: readonly Simulator[]): () => void {
  mkdirSync(folder, { recursive: true })
  const stops = simulators.map((simulator) => {
    const file = join(folder, `${simulator.name}.json`)
    restoreFrom(file, simulator)
    return simulator.onChange(() => writeWhole(file, simulator.save()))
  })
  return () => {
    for (const stop of stops) stop()
  }
}

function restoreFrom(file: string, simulator: Simulator): void {
  const json = readIfThere(file)
  if (json === undefined) {
    writeWhole(file, simulator.save())
    return
  }
  try {
    simulator.restore(json)
  } catch (cause) {
    throw new DamagedState(
      `Cannot read the ${simulator.name} simulator's state in ${file}. Delete that file to start from nothing.`,
      { cause },
    )
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Atomic: the file is the old one or the new one, never a half. */
function writeWhole(file: string, text: string): void {
  const draft = join(dirname(file), `.${process.pid}.draft`)
  writeFileSync(draft, text)
  renameSync(draft, file)
}

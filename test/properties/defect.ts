import type { BreachKind } from '../promise/breach.ts'
import type { Plan } from './plan.ts'
import type { Planted } from './play.ts'
import type { Patch } from './plant-in-copy.ts'

/** A defect that a real system had, or could have. */
export interface Defect {
  readonly name: string
  /** What it must be caught by. */
  readonly breach: BreachKind
  /** Planted in a copy of the functions. */
  readonly patches?: readonly Patch[]
  /** Planted around what a process calls, or in what an operator does. */
  readonly around?: Planted
  /** What a schedule needs beside what is drawn, for the defect to matter at all. */
  readonly provoke?: (plan: Plan) => Plan
}

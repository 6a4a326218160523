import type { SecurityDefect } from './defect.ts'
import { DEFECTS_BEHIND_INTAKE } from './defects-behind-intake.ts'
import { DEFECTS_OF_CALLBACKS } from './defects-of-callbacks.ts'
import { DEFECTS_OF_EFFECTS } from './defects-of-effects.ts'
import { DEFECTS_OF_INTAKE } from './defects-of-intake.ts'
import { DEFECTS_OF_OPERATORS } from './defects-of-operators.ts'

/** One for each threat of SECURITY.md that code of ours holds. `pnpm test:security-defects` plants them, one at a time. */
export const SECURITY_DEFECTS: readonly SecurityDefect[] = [
  ...DEFECTS_OF_INTAKE,
  ...DEFECTS_OF_CALLBACKS,
  ...DEFECTS_OF_EFFECTS,
  ...DEFECTS_BEHIND_INTAKE,
  ...DEFECTS_OF_OPERATORS,
]

import { catchEach } from './catch-defects.ts'
import { DEFECTS } from './defects.ts'

// The others are a file of their own, so that each half has a core of its own.
catchEach(DEFECTS)

import type { TargetFlags } from './target.ts'

/** Makes commands to print that work as printed: against the same AWS as the one that prints them. */
export type Hint = (words: string) => string

export function hintFor({ endpoint, aws, region }: TargetFlags): Hint {
  const same = [
    ...(aws ? ['--aws'] : []),
    ...(endpoint === undefined ? [] : ['--endpoint', endpoint]),
    ...(region === undefined ? [] : ['--region', region]),
  ]
  return (words) => ['npx -y pnpm@12 ticketing', words, ...same].join(' ')
}

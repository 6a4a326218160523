import { CliError } from './cli-error.ts'

/** A port given by a flag; 0 takes a free one. */
export function readPort(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new CliError(`${flag}: expected a port from 0 to 65535 (0 takes a free one), got "${text}"`, 2)
}

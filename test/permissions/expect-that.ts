/** Throws what was expected, unless it is so. */
export function expectThat(what: string, is: boolean): void {
  if (!is) throw new Error(`expected that ${what}`)
}

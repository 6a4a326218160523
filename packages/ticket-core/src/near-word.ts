/**
 * The candidate that a word is probably a misspelling of: two edits away at most, one when the candidate has fewer letters
 * than `longFrom`.
 */
export function findNear<Candidate extends string>(
  word: string,
  candidates: readonly Candidate[],
  longFrom: number,
): Candidate | undefined {
  const near = candidates
    .map((candidate) => ({ candidate, edits: countEdits(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= (candidate.length < longFrom ? 1 : 2))
  return near.toSorted((a, b) => a.edits - b.edits)[0]?.candidate
}

/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
function countEdits(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return Infinity
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from.charAt(row - 1) === to.charAt(column - 1)
      let least = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (isSame ? 0 : 1),
      )
      const isSwap =
        row > 1 &&
        column > 1 &&
        from.charAt(row - 1) === to.charAt(column - 2) &&
        from.charAt(row - 2) === to.charAt(column - 1)
      if (isSwap) least = Math.min(least, cell(beforeLast, column - 2) + 1)
      current.push(least)
    }
    beforeLast = last
    last = current
  }
  return cell(last, to.length)
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity
}

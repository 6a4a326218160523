/** Runs over all items, at most `limit` at a time; after `isOver` says so none is begun, and those begun are awaited. */
export async function runBounded<Item>(
  items: readonly Item[],
  { limit, isOver }: { readonly limit: number; readonly isOver: () => boolean },
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) {
      if (isOver()) return
      await run(item)
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

/** Runs over all items, at most `limit` at a time. Starts no more once `isOver`, and awaits those that run. */
export async function forEachConcurrently<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { limit, isOver }: { readonly limit: number; readonly isOver: () => boolean },
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const left = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    while (!isOver()) {
      const next = await left.next()
      if (next.done === true) return
      await run(next.value)
    }
  }
  await Promise.all(Array.from({ length: limit }, worker))
}

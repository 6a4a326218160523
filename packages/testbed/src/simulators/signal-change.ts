/** Calls its listeners when a state changed. */
export interface ChangeSignal {
  emit(): void
  /** The returned function removes the listener. */
  onChange(listener: () => void): () => void
}

export function createChangeSignal(): ChangeSignal {
  const listeners = new Set<() => void>()
  return {
    emit: () => {
      for (const listener of listeners) listener()
    },
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

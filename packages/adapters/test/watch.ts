/** Looks at a promise without waiting for it: its value once there is one. */
export function watch<Value>(promise: Promise<Value>): {
  readonly value: () => Value | undefined
  readonly ended: () => boolean
} {
  let seen: { readonly value: Value } | undefined
  async function follow(): Promise<void> {
    seen = { value: await promise }
  }
  void follow()
  return { value: () => seen?.value, ended: () => seen !== undefined }
}

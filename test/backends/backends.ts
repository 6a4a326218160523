/** Every backend that scenarios run on: columns of `docs/backends.md`. */
export const BACKENDS = [
  { name: 'virtual', title: 'virtual clock' },
  { name: 'processes', title: 'processes' },
  { name: 'localstack', title: 'LocalStack, container' },
  { name: 'localstack-host', title: 'LocalStack, host' },
  { name: 'ministack', title: 'MiniStack' },
] as const

export type BackendName = (typeof BACKENDS)[number]['name']

/** Those that stand at an address: a person starts them, and says where. */
export const AT_ADDRESS: readonly BackendName[] = ['localstack-host', 'ministack']

export function isBackendName(name: string): name is BackendName {
  return BACKENDS.some((backend) => backend.name === name)
}

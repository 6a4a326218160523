export { createPartSource, createSecretSource } from './create-secret-source.ts'
export type { SecretSourceOptions } from './create-secret-source.ts'

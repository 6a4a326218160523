import { startLocalAws } from '../start-local-aws.ts'

// A cloud in a process of its own, to which a test gives few file descriptors: prints its address, and serves until
// stdin ends.
const { endpoint } = await startLocalAws({ folder: process.argv[2] })
process.stdout.write(`${endpoint}\n`)
process.stdin.resume().once('end', () => process.exit())

import { startLocalAws } from '../start-local-aws.ts'

// A cloud in a process of its own, which a test gives few file descriptors: tells its address, and serves until it is let go.
const { endpoint } = await startLocalAws({ folder: process.argv[2] })
process.stdout.write(`${endpoint}\n`)
process.stdin.resume().once('end', () => process.exit())

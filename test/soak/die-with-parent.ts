// Preloaded into each process of the soak: standard input is a pipe from the soak itself, and its end is the soak's
// end, however that came about. Nothing may outlive it.
const die = (): boolean => process.kill(process.pid, 'SIGKILL')
process.stdin.on('end', die).on('error', die).on('close', die).resume()
process.stdin.unref()

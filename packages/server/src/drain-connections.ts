import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Clock } from 'ticket-core'

/** Counts what comes in, so that a server can close without resetting any connection. */
export interface ConnectionDrain {
  /** A connection or a request came in. */
  arrived(): void
  /** A request is being answered, until the returned function is called. */
  began(): () => void
  /** Settles when an answer may go out; undefined except at the beginning of `close`. */
  answersHeld(): Promise<void> | undefined
  /** Takes no more connections, waits for every accepted request, then closes what is left. */
  close(): Promise<void>
}

/** As long as a connection, or a request that was fully sent, needs from the kernel to this process. Milliseconds. */
const LINGER = 100
const LINGER_ROUNDS = 10
/** Answers are held no longer than this: Teams waits five seconds, and line 1 takes 4.7 at most. */
const HELD_ROUNDS = 2

export function createConnectionDrain(server: Server, clock: Clock): ConnectionDrain {
  let open = 0
  let arrivals = 0
  let held: Promise<void> | undefined
  let whenIdle: (() => void) | undefined

  async function idle(): Promise<void> {
    if (open === 0) return
    await new Promise<void>((resolve) => {
      whenIdle = resolve
    })
  }

  /** Waits until nothing came in for one round; the kernel hands over connections one by one. */
  async function untilQuiet(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const before = arrivals
      await new Promise<void>((resolve) => {
        clock.after(LINGER, resolve)
      })
      if (arrivals === before) return
    }
  }

  return {
    arrived() {
      arrivals += 1
    },
    began() {
      open += 1
      return () => {
        open -= 1
        if (open === 0) whenIdle?.()
      }
    },
    answersHeld: () => held,
    async close() {
      // Closing the listener resets connections that the kernel accepted and did not hand over yet. Callers that wait for
      // an answer open no new connections: while answers are held, the kernel's queue empties.
      const { promise, resolve: release } = Promise.withResolvers<void>()
      held = promise
      await untilQuiet(HELD_ROUNDS)
      // Not `server.close`: it also ends connections whose request is on its way from the kernel, which resets them.
      const closed = new Promise<void>((resolve) => {
        NetServer.prototype.close.call(server, () => resolve())
      })
      release()
      await idle()
      await untilQuiet(LINGER_ROUNDS)
      await idle()
      // What is left has sent half a head at most. The first call also stops Node's own timer over heads.
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

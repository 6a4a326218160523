import {
  type Case,
  type PressAnswers,
  caseObject,
  readPressedMessage,
  readSlackPress,
  verifySlackRequest,
} from 'ticket-core'
import { type Handle, readHeader } from './http-values.ts'
import { type CallbackPorts, AGAIN, createCallbackReceiver, passOver, TAKEN } from './receive-callback.ts'
import { type SubmitChangePorts, submitChange } from './submit-change.ts'

/** Slack shows a person a warning after three seconds. Milliseconds. */
const ANSWER_WITHIN = 2600
/** So long the message's replacement may take of that. Milliseconds. */
const REPLACE_WITHIN = 1500

export interface SlackReceiverPorts extends SubmitChangePorts, CallbackPorts {
  readonly pressAnswers: PressAnswers
}

/**
 * Pressed buttons. Slack ignores the answer's body; a person whom it shows a warning (503) presses again, which is
 * another event of the same meaning. Once SQS has the event, the message is replaced by the ticket as it is with it:
 * nothing else depends on that, and it is tried once, since the address is kept nowhere.
 */
export function createSlackReceiver(ports: SlackReceiverPorts): Handle {
  const { pressAnswers, clock, log } = ports

  async function replaceMessage(body: Uint8Array, known: Case, deadline: number): Promise<void> {
    const pressed = readPressedMessage(body)
    if (!pressed) return
    const until = Math.min(deadline, clock.monotonic() + REPLACE_WITHIN)
    const keptAt = caseObject(known.id)
    const replaced = await pressAnswers.replace({ ...pressed, known, keptAt, deadline: until })
    if (replaced.kind === 'replaced') return
    const { code, reason } = replaced
    log.write('warn', 'message.not-replaced', { ticket: known.id, code, reason })
  }

  return createCallbackReceiver(ports, {
    vendor: 'slack',
    methods: ['POST'],
    answerWithin: ANSWER_WITHIN,
    keyOf: ({ slackSigningSecret }) => slackSigningSecret,
    verify: (request, secret) =>
      verifySlackRequest({
        secret,
        body: request.body,
        signature: readHeader(request, 'x-slack-signature'),
        timestamp: readHeader(request, 'x-slack-request-timestamp'),
        now: ports.clock.now(),
      }),
    async receive({ body }, _secret, deadline) {
      const reading = readSlackPress(body)
      if (reading.kind !== 'change') return passOver(ports, 'slack', reading)
      const { isSettled, known } = await submitChange(ports, reading.ticket, { ...reading, deadline })
      if (known) await replaceMessage(body, known, deadline)
      return isSettled ? TAKEN : AGAIN
    },
  })
}

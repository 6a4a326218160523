import { readSlackPress, verifySlackRequest } from 'ticket-core'
import { type Handle, readHeader } from './http-values.ts'
import { type CallbackPorts, AGAIN, createCallbackReceiver, passOver, TAKEN } from './receive-callback.ts'
import { type SubmitChangePorts, submitChange } from './submit-change.ts'

/** Slack shows a person a warning after three seconds. Milliseconds. */
const ANSWER_WITHIN = 2600

/**
 * Pressed buttons. Slack ignores the answer's body; a person whom it shows a warning (503) presses again, which is
 * another event of the same meaning.
 */
export function createSlackReceiver(ports: SubmitChangePorts & CallbackPorts): Handle {
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
      return (await submitChange(ports, reading.ticket, { ...reading, deadline })) ? TAKEN : AGAIN
    },
  })
}

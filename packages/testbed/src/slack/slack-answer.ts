/** An answer of Slack's webhooks: a bare word. */
export function answerSlack(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/html', ...headers } })
}

/** Whether a text is a policy document at all: a JSON object with statements. Who may what is decided elsewhere. */
export function checkPolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text)
    return (
      typeof policy === 'object' && policy !== null && 'Statement' in policy && typeof policy.Statement === 'object'
    )
  } catch {
    return false
  }
}

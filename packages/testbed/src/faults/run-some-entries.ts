type Fields = Readonly<Record<string, unknown>>

/** Runs a batch without every second entry, and reports those as SQS reports what failed inside it. */
export async function runSomeEntries(input: Fields, run: (input?: Fields) => Promise<Fields>): Promise<Fields> {
  const entries: readonly unknown[] = Array.isArray(input['Entries']) ? input['Entries'] : []
  const fails = (index: number): boolean => entries.length === 1 || index % 2 === 1
  const kept = entries.filter((_entry, index) => !fails(index))
  const output = kept.length > 0 ? await run({ ...input, Entries: kept }) : { Successful: [] }
  const failed: readonly unknown[] = Array.isArray(output['Failed']) ? output['Failed'] : []
  const lost = entries
    .filter((_entry, index) => fails(index))
    .map((entry) => ({ Id: idOf(entry), Code: 'InternalError', SenderFault: false, Message: 'failed by a fault' }))
  return { ...output, Failed: [...failed, ...lost] }
}

function idOf(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'Id' in entry && typeof entry.Id === 'string' ? entry.Id : ''
}

/** The four ways a message can go: one a priority, and the dead letters. */
export type Lane = 'low' | 'medium' | 'high' | 'dead'

/** The lanes that carry tickets; what dies there goes to the fourth. */
export const TICKET_LANES: readonly Exclude<Lane, 'dead'>[] = ['low', 'medium', 'high']
export const LANES: readonly Lane[] = [...TICKET_LANES, 'dead']

/** Names of one lane's resources; those of the older system, so that its deployment can be taken over. */
export interface LaneNames {
  readonly queue: string
  readonly function: string
  readonly role: string
}

/** Every name that a prefix stands for. */
export interface StackNames {
  readonly bucket: string
  readonly lanes: Readonly<Record<Lane, LaneNames>>
}

/** The names of all resources of a prefix. */
export function nameResources(prefix: string): StackNames {
  const lane = (stem: string): LaneNames => ({
    queue: `${prefix}-${stem}`,
    function: `${prefix}-${stem}`,
    role: `${prefix}-${stem}-Role`,
  })
  return {
    bucket: `${prefix}-bucket`,
    lanes: { low: lane('LP'), medium: lane('MP'), high: lane('HP'), dead: lane('DLQ') },
  }
}

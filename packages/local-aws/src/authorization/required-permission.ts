/** A permission that a call requires: an action on a resource. A call needs all of its permissions. */
export interface RequiredPermission {
  readonly action: string
  readonly resource: string
  /** Condition keys of this action, besides the global ones. */
  readonly keys?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The resource's name in the error, where AWS does not show the ARN; empty where it shows none. */
  readonly displayName?: string
  /** The resource's own policy must allow it, whatever other policies say: a role's trust policy. */
  readonly byResource?: true
}

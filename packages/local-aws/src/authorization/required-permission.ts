/** One permission that a call needs: what to do on what. All of a call's needs have to be met. */
export interface RequiredPermission {
  readonly action: string
  readonly resource: string
  /** Condition keys of this action, besides those that every request has. */
  readonly keys?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** How the error names the resource, where AWS does not show its ARN; empty where it names none. */
  readonly displayName?: string
  /** The resource's own policy has to allow it, whatever others say: a role's trust policy. */
  readonly byResource?: true
}

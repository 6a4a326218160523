/** The action and resource of a request, and the values for its conditions. */
export interface AccessRequest {
  /** `s3:PutObject`. */
  readonly action: string
  readonly resource: string
  /** The values of a condition key, ignoring case; undefined if the request has none. */
  readonly valuesOf: (key: string) => readonly string[] | undefined
}

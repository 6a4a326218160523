/** How the guards ask, and how they tell. */
export interface Refuse {
  /** Whether somebody allowed this host by name. */
  isAllowed(host: string): boolean
  /** Records the attempt and makes the error for whoever asked. Call it where the stack still shows them. */
  because(origin: string): Error
}

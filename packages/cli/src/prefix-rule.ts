/** What a prefix on the command line must be. */
export const PREFIX_RULE: { readonly expected: string; readonly form: RegExp } = {
  expected: 'the PREFIX of the secret, such as acme',
  form: /^[a-z0-9][a-z0-9-]{1,40}$/,
}

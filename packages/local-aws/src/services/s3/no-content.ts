/** S3 answers these writes with 204, where its model says 200. */
export const NO_CONTENT = { $metadata: { httpStatusCode: 204 } } as const

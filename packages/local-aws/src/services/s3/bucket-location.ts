import { BucketLocationConstraint } from '@aws-sdk/client-s3'
import { AwsError } from '../../service.ts'

const KNOWN: ReadonlySet<string> = new Set(Object.values(BucketLocationConstraint))

/** A bucket's region; `location` is what GetBucketLocation returns, undefined for us-east-1. */
export interface BucketLocation {
  readonly region: string
  readonly location: string | undefined
}

/**
 * The region of a CreateBucket request. The endpoint of us-east-1 accepts every location but its own name; any other
 * endpoint accepts only its own (recorded on AWS).
 */
export function locateBucket(endpointRegion: string, constraint: string | undefined): BucketLocation {
  if (endpointRegion === 'us-east-1') {
    if (constraint === undefined) return { region: 'us-east-1', location: undefined }
    if (!KNOWN.has(constraint)) {
      throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
        status: 400,
        details: { LocationConstraint: constraint },
      })
    }
    return { region: constraint === 'EU' ? 'eu-west-1' : constraint, location: constraint }
  }
  if (constraint !== endpointRegion) {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      { status: 400 },
    )
  }
  return { region: endpointRegion, location: endpointRegion }
}

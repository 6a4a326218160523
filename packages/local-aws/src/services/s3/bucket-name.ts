import { AwsError } from '../../service.ts'

const SHAPE = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const IP_ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/
const RESERVED = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/

/**
 * Rejects an invalid name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  if (!SHAPE.test(name) || name.includes('..') || IP_ADDRESS.test(name) || RESERVED.test(name)) {
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
      status: 400,
      details: { BucketName: name },
    })
  }
}

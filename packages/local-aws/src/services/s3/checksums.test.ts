import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { failureOf, startAccount } from '../../testing/start-account.ts'
import { checksumOf } from './checksums.ts'

const Bucket = 'shelf'

// Check values of the CRC catalogue for "123456789", and of the digests' own standards.
test.each([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
  ['MD5', '25f9e794323b453885f5181f1b624d0b'],
  ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const)('%s of "123456789" is %s', (algorithm, hex) => {
  expect(Buffer.from(checksumOf(algorithm, Buffer.from('123456789')), 'base64').toString('hex')).toBe(hex)
})

test('returns the checksum of the upload, and CRC-64 if it had none', async () => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  const put = await account.s3.send(
    new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello world', ChecksumAlgorithm: 'SHA256' }),
  )
  expect(put.ChecksumSHA256).toBe('uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=')
  const head = await account.s3.send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }))
  expect(head).toMatchObject({
    ChecksumSHA256: 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=',
    ChecksumType: 'FULL_OBJECT',
  })
})

// Recorded on AWS: test_put_object_checksum, test_s3_invalid_content_md5, test_s3_checksum_no_algorithm.
test.each([
  [{ ChecksumCRC32: 'AAAAAA==' }, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.'],
  [
    { ChecksumCRC64NVME: 'AAAAAAAAAAA=' },
    'BadDigest',
    'The CRC64NVME you specified did not match the calculated checksum.',
  ],
  [{ ChecksumSHA256: 'abc' }, 'InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.'],
  [
    { ContentMD5: 'CYketZBSTjX8czcs3cXVlg==' },
    'BadDigest',
    'The Content-MD5 you specified did not match what we received.',
  ],
  [{ ContentMD5: 'MTIz' }, 'InvalidDigest', 'The Content-MD5 you specified was invalid.'],
  [{ ContentMD5: 'not base64 encoded checksum' }, 'InvalidDigest', 'The Content-MD5 you specified was invalid.'],
  [
    { ChecksumCRC32: 'DUoRhQ==', ChecksumSHA1: 'Kq5sNclPz7QV2+lfQIuc6R7oRu0=' },
    'InvalidRequest',
    'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  ],
])('rejects %o, and stores nothing', async (given, name, message) => {
  using account = startAccount()
  await account.s3.send(new CreateBucketCommand({ Bucket }))
  const put = account.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello world', ...given }))
  expect(await failureOf(put)).toEqual({ name, message, status: 400 })
  expect(await failureOf(account.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })))).toMatchObject({ status: 404 })
})

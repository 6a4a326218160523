import { readApi, type Api, type ApiSettings } from './api.ts'

export type ServiceName = 'sqs' | 'secretsmanager' | 'iam' | 'sts' | 'lambda' | 's3' | 'events'

/** What identifies a request's service, without loading its client. */
export const apiSettings: Readonly<Record<ServiceName, ApiSettings>> = {
  sqs: {
    name: 'sqs',
    protocol: 'aws-json',
    version: '2012-11-05',
    namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    target: 'AmazonSQS',
    jsonVersion: '1.0',
    queryCompatible: true,
    jsonTypes: {
      AccessDenied: 'AccessDeniedException',
      InvalidParameterValue: 'InvalidParameterValueException',
      MissingParameter: 'MissingRequiredParameterException',
    },
    queryMessages: { QueueDoesNotExist: 'The specified queue does not exist for this wsdl version.' },
  },
  secretsmanager: {
    name: 'secretsmanager',
    protocol: 'aws-json',
    version: '2017-10-17',
    target: 'secretsmanager',
    jsonVersion: '1.1',
  },
  iam: {
    name: 'iam',
    protocol: 'query',
    version: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  },
  sts: {
    name: 'sts',
    protocol: 'query',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  events: {
    name: 'events',
    protocol: 'aws-json',
    version: '2015-10-07',
    target: 'AWSEvents',
    jsonVersion: '1.1',
  },
  lambda: { name: 'lambda', protocol: 'rest-json', version: '2015-03-31' },
  s3: {
    name: 's3',
    protocol: 'rest-xml',
    version: '2006-03-01',
    namespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
  },
}

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(apiSettings, name)
}

const clients: Readonly<Record<ServiceName, () => Promise<object>>> = {
  sqs: async () => import('@aws-sdk/client-sqs'),
  secretsmanager: async () => import('@aws-sdk/client-secrets-manager'),
  iam: async () => import('@aws-sdk/client-iam'),
  sts: async () => import('@aws-sdk/client-sts'),
  events: async () => import('@aws-sdk/client-eventbridge'),
  lambda: async () => import('@aws-sdk/client-lambda'),
  s3: async () => import('@aws-sdk/client-s3'),
}

const loaded = new Map<ServiceName, Promise<Api>>()

/** The model of a service, read once from its SDK client, on first use. */
export function loadApi(name: ServiceName): Promise<Api> {
  const before = loaded.get(name)
  if (before) return before
  const api = clients[name]().then((exported) => readApi(apiSettings[name], { ...exported }))
  loaded.set(name, api)
  return api
}

import { publicAddressRule } from 'ticket-core'
import { CliError } from '../cli-error.ts'
import type { CommandContext } from '../command.ts'
import { writeEnvFile } from '../env-file.ts'
import { findPublicAddress } from '../public-address.ts'
import type { Target } from '../target.ts'
import { answer, confirm, type Interview } from './ask-values.ts'

/** How Teams reaches the server. */
export type Address =
  | { readonly kind: 'known'; readonly url: string }
  /** Behind a Function URL: AWS makes the address, by `up --intake lambda`. */
  | { readonly kind: 'lambda' }

export interface AddressFlags {
  readonly 'public-url'?: string | undefined
  readonly 'ngrok-domain'?: string | undefined
  readonly intake?: string | undefined
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/** What the command line or earlier settings say of the address; undefined: nothing. */
export async function readAddress(
  flags: AddressFlags,
  target: Target,
  context: CommandContext,
): Promise<Address | undefined> {
  const { intake, 'ngrok-domain': domain, 'public-url': given } = flags
  if (intake !== undefined && intake !== 'lambda') throw new CliError(`--intake: expected lambda, got "${intake}"`, 2)
  const ways = [intake, domain, given].filter((way) => way !== undefined)
  if (ways.length > 1) throw new CliError('--public-url, --ngrok-domain and --intake exclude each other: choose one', 2)
  if (domain !== undefined) {
    if (!DOMAIN.test(domain))
      throw new CliError(`--ngrok-domain: expected a domain such as name.ngrok-free.dev, got "${domain}"`, 2)
    await writeEnvFile(context.cwd, { NGROK_DOMAIN: domain })
    return { kind: 'known', url: `https://${domain}` }
  }
  if (intake === 'lambda') return { kind: 'lambda' }
  const url = await findPublicAddress(given, target, context)
  if (url === undefined) return undefined
  if (given !== undefined) await writeEnvFile(context.cwd, { TICKETING_PUBLIC_URL: url })
  return { kind: 'known', url }
}

/** Asks how Teams reaches the server, and keeps the answer in `.env`, where `docker compose` reads it. */
export async function askAddress(
  interview: Pick<Interview, 'prompt' | 'print'>,
  { cwd }: CommandContext,
  allowHttp: boolean,
): Promise<Address> {
  const { print } = interview
  print('')
  print('The address: Teams sends each message to an https address. Which one will it be?')
  print('  1  a fixed domain of ngrok: free, and the server may stand behind any firewall (docs/guides/ngrok.md)')
  print('  2  an https name of your own, with a proxy in front of the server')
  print('  3  a Function URL of AWS Lambda: no server at all')
  for (;;) {
    const way = await answer(interview, { text: '  1, 2 or 3:' })
    if (way === '1') return askNgrok(interview, cwd)
    if (way === '2') return askOwn(interview, cwd, allowHttp)
    if (way === '3') return askFunctionUrl(interview, cwd)
  }
}

async function askNgrok(interview: Pick<Interview, 'prompt' | 'print'>, cwd: string): Promise<Address> {
  const { print } = interview
  print('  1. Sign up at https://ngrok.com.')
  print('  2. Open https://dashboard.ngrok.com/domains: the domain of your account is there.')
  print('  3. Open https://dashboard.ngrok.com/get-started/your-authtoken, and copy the authtoken.')
  for (;;) {
    const domain = (await answer(interview, { text: '  Domain:' })).replace(/^https:\/\/|\/$/g, '')
    const authtoken = DOMAIN.test(domain) ? await answer(interview, { text: '  Authtoken:', isHidden: true }) : ''
    if (authtoken !== '') {
      await writeEnvFile(cwd, { NGROK_DOMAIN: domain, NGROK_AUTHTOKEN: authtoken })
      return { kind: 'known', url: `https://${domain}` }
    }
    print('  That is not right. Expected: a domain such as name.ngrok-free.dev, and its authtoken.')
  }
}

async function askOwn(
  interview: Pick<Interview, 'prompt' | 'print'>,
  cwd: string,
  allowHttp: boolean,
): Promise<Address> {
  const { expected, parse } = publicAddressRule({ allowHttp })
  for (;;) {
    const url = parse(await answer(interview, { text: '  Address:' }))
    if (url !== undefined) {
      await writeEnvFile(cwd, { TICKETING_PUBLIC_URL: url })
      return { kind: 'known', url }
    }
    interview.print(`  That is not right. Expected: ${expected}.`)
  }
}

async function askFunctionUrl(interview: Pick<Interview, 'prompt' | 'print'>, cwd: string): Promise<Address> {
  const isMade = await confirm(interview, '  Has "ticketing up --intake lambda" printed the address already?')
  return isMade ? askOwn(interview, cwd, false) : { kind: 'lambda' }
}

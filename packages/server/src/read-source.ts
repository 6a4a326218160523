import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

/** The IP address that the log shows for a request. */
export type ReadSource = (request: {
  readonly socket: { readonly remoteAddress?: string | undefined }
  readonly headers: IncomingMessage['headers']
}) => string

/** At most this many proxies in a row are followed. */
const MOST_HOPS = 10

/**
 * The connection's other end; if that is a trusted proxy, the address that it names in `X-Forwarded-For`, and so on
 * from right to left. What an untrusted caller writes there is ignored.
 * @param trusted Addresses or networks such as `10.0.0.0/8`.
 */
export function createSourceReader(trusted: readonly string[] = []): ReadSource {
  const proxies = new BlockList()
  for (const network of trusted) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(bits), family)
  }
  const isProxy = (address: string): boolean => isIP(address) !== 0 && proxies.check(address, familyOf(address))
  return ({ socket, headers }) => {
    let source = plain(socket.remoteAddress ?? 'unknown')
    if (trusted.length === 0 || !isProxy(source)) return source
    const hops = String(headers['x-forwarded-for'] ?? '').split(',', MOST_HOPS * 10)
    for (const hop of hops.slice(-MOST_HOPS).toReversed()) {
      const address = plain(hop.trim())
      if (isIP(address) === 0) return source
      source = address
      if (!isProxy(source)) return source
    }
    return source
  }
}

/** Whether a text is an IP address or a network such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** An IPv4 address in its own form, also when a dual-stack socket shows it as IPv6. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

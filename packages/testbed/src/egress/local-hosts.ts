import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
// "Unspecified" reaches this machine only.
loopback.addAddress('0.0.0.0', 'ipv4')
loopback.addAddress('::', 'ipv6')

/** Whether packets to this address stay on the machine. False for names. */
export function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** Whether one of these names a host: `host.docker.internal`, or `*.amazonaws.com` for all below a domain. */
export function isNamed(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase()
  return allowed.some((each) => (each.startsWith('*.') ? name.endsWith(each.slice(1)) : name === each))
}

/**
 * Whether a host is this machine. Of names only `localhost`: others need a name server. Odd spellings of addresses
 * (`127.1`, `0x7f000001`) count as names, and are refused.
 */
export function isLocalHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || isLoopback(host)
}

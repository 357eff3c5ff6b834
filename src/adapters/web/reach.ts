import { networkInterfaces } from 'node:os';
import type { Config } from '../../config.ts';

/** A host name, with or without a port, that leads back to the machine which uses it. */
export const LOOPBACK = /^(127(?:\.\d+){3}|localhost|\[::1\])(:\d+)?$/;
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127(\.\d+){3})$/;
const ANY = ['0.0.0.0', '::'];

type Interfaces = typeof networkInterfaces;

/**
 * The address under which phones reach the page that a browser sees as `host`: PUBLIC_URL, or where the page was
 * opened on this very machine and it listens to the network too, its address there.
 * @param host the request's `Host`
 * @returns undefined where the page's own address is the best that is known
 */
export function originFor(
  host: string | undefined,
  { host: listens, publicUrl }: Pick<Config, 'host' | 'publicUrl'>,
  interfaces: Interfaces = networkInterfaces,
): string | undefined {
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const local = LOOPBACK.exec(host ?? '');
  if (!local || LOOPBACK.test(listens) || listens === '::1') return undefined;
  const address = ANY.includes(listens) ? inNetwork(interfaces) : listens;
  return address && `http://${address.includes(':') ? `[${address}]` : address}${local[2] ?? ''}`;
}

/** IPv4 can be typed from a projector. */
function inNetwork(interfaces: Interfaces): string | undefined {
  return Object.values(interfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4' && !one.address.startsWith('169.254.'))?.address;
}

/**
 * Whose request it is, to count attempts by: behind a proxy on this machine, the address that the proxy saw. What came
 * before it in the header is the sender's own word.
 * @param remote the other end of the connection
 * @param forwarded `X-Forwarded-For`
 */
export function senderOf(remote: string, forwarded: string | undefined): string {
  const seen = LOOPBACK_ADDRESS.test(remote) ? forwarded?.split(',').at(-1)?.trim() : undefined;
  return seen || remote;
}

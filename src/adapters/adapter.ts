import type { Platform } from '../core/request.ts';

/** A running connection to one platform. */
export interface Adapter {
  platform: Platform;
  /** For the host view and supervisors: is it connected, since when (epoch milliseconds), and why not. */
  health(): { ok: boolean; detail: string; since?: number };
  /** Takes no new requests and waits for those under way. */
  close(): Promise<void>;
}

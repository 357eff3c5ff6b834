import type { Platform } from '../core/request.ts';

/** A running connection to one platform. */
export interface Adapter {
  platform: Platform;
  /** For the host view: is it connected, and since when or why not. */
  health(): { ok: boolean; detail: string };
  /** Takes no new requests and waits for those under way. */
  close(): Promise<void>;
}

import { GatewayDispatchEvents, GatewayOpcodes } from 'discord.js';
import { z } from 'zod';

const id = z.string().min(1);

/** What the connection itself is made of. discord.js believes these, and what is wrong in them outlives the connection. */
const hello = z.object({ heartbeat_interval: z.number().min(1_000).max(3_600_000) });
const invalidSession = z.boolean();
const ready = z.object({
  session_id: id,
  resume_gateway_url: z.url({ protocol: /^wss?$/ }),
  guilds: z.array(z.object({ id })),
  user: z.object({ id }),
  application: z.object({ id }),
});
const frame = z.object({ op: z.number().int() });

/**
 * Looks at a frame before discord.js does.
 * @param greeted whether this connection has had its hello
 * @returns the frame's opcode; undefined for what is no frame, and can be left out
 * @throws ZodError or Error for a frame after which the connection cannot go on
 */
export function checkFrame(payload: unknown, greeted: boolean): number | undefined {
  const read = frame.safeParse(payload);
  if (!read.success) return undefined;
  const { op } = read.data;
  const { t, d } = payload as { t?: unknown; d?: unknown };
  if (op === GatewayOpcodes.Hello) {
    if (greeted) throw new Error('a second hello');
    hello.parse(d);
  } else if (op === GatewayOpcodes.InvalidSession) invalidSession.parse(d);
  else if (op === GatewayOpcodes.Dispatch && t === GatewayDispatchEvents.Ready) ready.parse(d);
  return op;
}

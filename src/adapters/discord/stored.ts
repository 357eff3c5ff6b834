import { createHash } from 'node:crypto';
import type { Block, Reply } from '../../core/reply.ts';

/** A reply as text that can be stored: pictures in base64, without the machine-readable outcome. */
export function serialise({ blocks, visibility }: Reply): string {
  return JSON.stringify({
    visibility,
    blocks: blocks.map((block) => {
      if (block.type !== 'image') return block;
      // The picture is all that Discord shows.
      const { chart: _, ...image } = block;
      return { ...image, png: Buffer.from(block.png).toString('base64') };
    }),
  });
}

export function deserialise(text: string): Reply {
  const { visibility, blocks } = JSON.parse(text) as Reply;
  return {
    visibility,
    blocks: blocks.map((block): Block => (block.type === 'image' ? { ...block, png: Buffer.from(String(block.png), 'base64') } : block)),
  };
}

/** The same reply always has the same key. */
export function keyOf(reply: Reply): string {
  return createHash('sha256').update(serialise(reply)).digest('base64url').slice(0, 16);
}

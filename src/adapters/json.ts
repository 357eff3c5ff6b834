import type { ImageBlock, Reply } from '../core/reply.ts';
import { toText } from '../core/reply.ts';

/** A Reply as JSON: images lose their bytes and gain what `placeImage` says of where they are. */
export function replyToJson(reply: Reply, placeImage: (image: ImageBlock) => Record<string, unknown>): Record<string, unknown> {
  return {
    ...(reply.result && { result: reply.result }),
    visibility: reply.visibility,
    text: toText(reply),
    blocks: reply.blocks.map((block) => (block.type === 'image' ? { type: 'image', ...placeImage(block) } : block)),
  };
}

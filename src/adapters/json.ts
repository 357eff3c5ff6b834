import type { FileBlock, ImageBlock, Reply } from '../core/reply.ts';
import { toText } from '../core/reply.ts';

type Place<Block> = (block: Block) => Record<string, unknown>;

/**
 * A Reply as JSON: images lose their bytes and gain what `placeImage` says of where they are; files are text and
 * stay in it unless `placeFile` puts them elsewhere.
 */
export function replyToJson(reply: Reply, placeImage: Place<ImageBlock>, placeFile?: Place<FileBlock>): Record<string, unknown> {
  const place = (block: Reply['blocks'][number]) => {
    if (block.type === 'image') return { type: 'image', ...placeImage(block) };
    return block.type === 'file' && placeFile ? { type: 'file', ...placeFile(block) } : block;
  };
  return {
    ...(reply.result && { result: reply.result }),
    visibility: reply.visibility,
    text: toText(reply),
    blocks: reply.blocks.map(place),
  };
}

import type { FileBlock, ImageBlock, Reply } from '../core/reply.ts';
import { toText } from '../core/reply.ts';

type Placed = { type: string } & Record<string, unknown>;
type Place<Block> = (block: Block) => Record<string, unknown>;

/**
 * A Reply as JSON: images lose their bytes and gain what `placeImage` says of where they are, in the blocks and in the
 * result that names one; files are text and stay in it unless `placeFile` puts them elsewhere.
 */
export function replyToJson(reply: Reply, placeImage: Place<ImageBlock>, placeFile?: Place<FileBlock>): Record<string, unknown> {
  const place = (block: Reply['blocks'][number]) => {
    if (block.type === 'image') return { type: 'image', ...placeImage(block) };
    return block.type === 'file' && placeFile ? { type: 'file', ...placeFile(block) } : block;
  };
  const blocks = reply.blocks.map((block): Placed => ({ ...place(block) }));
  const { result } = reply;
  return {
    ...(result && { result: result.kind === 'demo' ? { ...result, image: imageOf(blocks, result.image) } : result }),
    visibility: reply.visibility,
    text: toText(reply),
    blocks,
  };
}

/** Where the picture that a result names has been put: what its block says of it. */
function imageOf(blocks: readonly Placed[], name: string): Record<string, unknown> | null {
  const block = blocks.find((block) => block.type === 'image' && block.name === name);
  if (!block) return null;
  const { type: _, ...image } = block;
  return image;
}

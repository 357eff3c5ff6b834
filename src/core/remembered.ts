import { type Block, blockToText, type Reply } from './reply.ts';

/** Replies by delivery, so that a repeated delivery gets the same one and has no second effect. */
export interface Remembered {
  get(key: string): Promise<Reply> | undefined;
  /** Takes a reply as soon as it is under way. */
  set(key: string, reply: Promise<Reply>): void;
  /** Bytes of the pictures and files that are kept. */
  bytes(): number;
}

/**
 * Keeps the newest `count` replies. Of pictures and files it keeps `limit` bytes, the newest; older replies tell in
 * words what they held, and go on standing for their effect.
 */
export function createRemembered(count: number, limit: number): Remembered {
  const replies = new Map<string, Promise<Reply>>();
  const heavy = new Map<string, number>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= heavy.get(key) ?? 0;
    heavy.delete(key);
  };
  return {
    get: (key) => replies.get(key),
    bytes: () => bytes,
    set(key, reply) {
      replies.set(key, reply);
      if (replies.size > count) {
        const [oldest] = replies.keys();
        replies.delete(oldest!);
        drop(oldest!);
      }
      void reply.then((done) => {
        const size = done.blocks.reduce((sum, block) => sum + bytesOf(block), 0);
        if (size === 0 || replies.get(key) !== reply) return;
        heavy.set(key, size);
        bytes += size;
        for (const old of heavy.keys()) {
          if (bytes <= limit) break;
          replies.set(old, replies.get(old)!.then(inWords));
          drop(old);
        }
      });
    },
  };
}

function bytesOf(block: Block): number {
  if (block.type === 'image') return block.png.length;
  return block.type === 'file' ? Buffer.byteLength(block.text) : 0;
}

function inWords(reply: Reply): Reply {
  return { ...reply, blocks: reply.blocks.map((block) => (bytesOf(block) > 0 ? { type: 'note', text: blockToText(block) } : block)) };
}

import { type Block, blockToText, type Reply } from '../core/reply.ts';
import type { Services } from '../services.ts';
import type { LiveQuiz } from './live.ts';
import type { QuizRepository } from './repository.ts';

/** A quiz's messages, each under a key of its own (`lobby`, `q0`, `r0`, `podium`). */
export interface Messages {
  /** Posts a message once: the same key again (after a crash, after a lost answer) finds the one that is there. @throws what the platform throws. */
  show(live: LiveQuiz, key: string, reply: Reply): Promise<void>;
  /** Edits a message if it is there and would look different. An edit that fails costs nobody an answer. */
  update(live: LiveQuiz, key: string, reply: Reply): Promise<void>;
}

export function createMessages({ outbox, log }: Pick<Services, 'outbox' | 'log'>, repository: QuizRepository): Messages {
  const update: Messages['update'] = async (live, key, reply) => {
    const message = await repository.message(live.stored.id, key);
    const look = looks(reply);
    if (!message || live.shown.get(key) === look) return;
    live.shown.set(key, look);
    await outbox.update(message, reply).catch((error: unknown) => {
      live.shown.delete(key);
      log.warn({ err: error, quiz: live.stored.id, key }, 'a quiz message could not be edited');
    });
  };
  return {
    update,
    async show(live, key, reply) {
      const { id, room } = live.stored;
      if (await repository.message(id, key)) return update(live, key, reply);
      await repository.setMessage(id, key, await outbox.post(room, reply, `${id}:${key}`));
      live.shown.set(key, looks(reply));
    },
  };
}

/** What a reader would notice: the text, which buttons there are, and when a countdown ends. */
function looks({ blocks }: Reply): string {
  const look = (block: Block) => {
    if (block.type === 'buttons') return block.items.map(({ id }) => id).join();
    return block.type === 'deadline' ? `${block.at}` : blockToText(block);
  };
  return blocks.map(look).join('\n');
}

/** A message whose moment is over: nothing to press any more but what leads on. */
export function withoutControls(reply: Reply): Reply {
  const over = (block: Block) =>
    block.type === 'deadline' || (block.type === 'buttons' && block.items.every(({ id }) => id.startsWith('1~quiz~')));
  return { ...reply, blocks: reply.blocks.filter((block) => !over(block)) };
}

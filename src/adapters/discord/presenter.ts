import type { Logger } from 'pino';
import type { Reply } from '../../core/reply.ts';
import { isBadForm } from './errors.ts';
import type { Forms } from './forms.ts';
import type { CommandIds } from './mentions.ts';
import type { Pages } from './pages.ts';
import { type Layout, type Payload, render } from './render.ts';

export interface Presenter {
  /** Draws a reply and hands it to `write`; once more in the other layout where Discord refuses the first. */
  send<T>(reply: Reply, write: (payload: Payload) => Promise<T>, page?: number): Promise<T>;
}

/** Keeps replies of several pages for their page buttons, and finds the layout that a place accepts. */
export function createPresenter(
  { pages, forms, commands, log }: { pages: Pages; forms: Forms; commands: CommandIds; log: Logger },
  preferred: Layout,
): Presenter {
  const other: Layout = preferred === 'components' ? 'embeds' : 'components';
  return {
    async send(reply, write, page = 0) {
      forms.learn(reply);
      const payload = render(reply, preferred, page, commands);
      if (payload.pages > 1) await pages.keep(payload.key, reply);
      try {
        return await write(payload);
      } catch (error) {
        if (!isBadForm(error)) throw error;
        log.warn({ err: error, layout: preferred }, 'Discord refused a message; trying the other layout');
        return write(render(reply, other, page, commands));
      }
    },
  };
}

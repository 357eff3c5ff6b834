import type { BlockAction, Context } from '@slack/bolt';
import type { HomeView, KnownBlock } from '@slack/types';
import type { Block } from '../../core/reply.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import { reasonOf } from './errors.ts';
import { spaceOf } from './installations.ts';
import type { People } from './people.ts';
import { picker } from './picker.ts';
import { counter, renderForHome } from './render.ts';

export interface HomeDeps {
  services: Services;
  api: SlackApi;
  people: People;
}

/** The app's own page in Slack. */
export interface Home {
  show(space: string, user: string, channel: string): Promise<void>;
  /** Draws the page anew after a press on it. */
  refresh(body: BlockAction, context: Context): Promise<void>;
}

/** Command lines behind the quick actions; a button carries the line as its value. */
const QUICK = [
  { line: '/topics', key: 'topics', style: 'primary' },
  { line: '/quiz start', key: 'quiz' },
  { line: '/demo', key: 'demo' },
  { line: '/help', key: 'help' },
] as const;

export function createHome({ services, api, people }: HomeDeps): Home {
  const view = async (space: string, user: string, channel: string): Promise<HomeView> => {
    const { locale: own } = await people.of(space, user, undefined);
    const locale = (await services.settings.localeOf('slack', space, 'user', user)) ?? own ?? services.config.defaultLocale;
    const t = services.i18n(locale);
    const numbers = counter();
    const blocks: Block[] = [
      { type: 'heading', text: t('slack.home-title') },
      { type: 'markdown', text: t('slack.home-intro') },
      { type: 'buttons', items: QUICK.map(({ line, key, ...style }) => ({ id: line, label: t(`slack.home-${key}`), ...style })) },
      { type: 'note', text: t('slack.home-where') },
      { type: 'heading', text: t('slack.home-ask') },
    ];
    const below: KnownBlock[] = [picker('explain', 'topic', t('slack.choose'))];
    return { type: 'home', private_metadata: channel, blocks: [...renderForHome(blocks, numbers), ...below] };
  };

  const show: Home['show'] = async (space, user, channel) => {
    try {
      await api.publishHome(space, user, await view(space, user, channel));
    } catch (error) {
      // Told in the log by the client; a page that is not drawn anew is no reason to fail.
      if (reasonOf(error) === undefined) throw error;
    }
  };

  return {
    show,
    async refresh({ view: shown, user }, context) {
      if (shown?.type === 'home') await show(spaceOf(context), user.id, shown.private_metadata);
    },
  };
}

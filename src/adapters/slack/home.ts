import type { BlockAction, Context } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import type { Translate } from '../../core/i18n.ts';
import type { Locale } from '../../core/locale.ts';
import { type Block, displayWidth } from '../../core/reply.ts';
import { percent } from '../../demos/lib/format.ts';
import { buttonRow, nextId, nothingDue } from '../../learn/present.ts';
import { streakText } from '../../learn/progress-view.ts';
import type { Person, Progress } from '../../learn/service.ts';
import { titleOf } from '../../notes/naming.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import { reasonOf } from './errors.ts';
import { spaceOf } from './installations.ts';
import type { People } from './people.ts';
import { picker } from './picker.ts';
import { renderForHome } from './render.ts';

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
  { id: '/topics', key: 'topics' },
  { id: '/quiz start', key: 'quiz' },
  { id: '/demo', key: 'demo' },
  { id: '/help', key: 'help' },
] as const;
const BARS = 10;
const SHOWN_TOPICS = 10;

export function createHome({ services, api, people }: HomeDeps): Home {
  const view = async (space: string, user: string, channel: string): Promise<HomeView> => {
    const { locale: own } = await people.of(space, user, undefined);
    const locale = (await services.settings.localeOf('slack', space, 'user', user)) ?? own ?? services.config.defaultLocale;
    const t = services.i18n(locale, 'slack');
    const person = await services.learning.personOf({ platform: 'slack', space, user: { id: user } });
    await services.ownNotes.ready({ platform: 'slack', space });
    const here = services.within({ platform: 'slack', space });
    const blocks: Block[] = [
      { type: 'heading', text: t('slack.home-title') },
      { type: 'markdown', text: t('slack.home-intro') },
      { type: 'buttons', items: QUICK.map(({ id, key }) => ({ id, label: t(`slack.home-${key}`) })) },
      { type: 'note', text: t('slack.home-where') },
      { type: 'divider' },
      ...(await reviewBlocks(here, person, locale, t)),
      { type: 'divider' },
      ...masteryBlocks(here, await services.learning.progress(person), locale, t),
      { type: 'divider' },
      { type: 'heading', text: t('slack.home-ask') },
    ];
    return { type: 'home', private_metadata: channel, blocks: [...renderForHome(blocks), picker('explain', 'topic', t('slack.choose'))] };
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

/** What is due, with the way to it. */
async function reviewBlocks({ learning, notes, clock }: Services, person: Person, locale: Locale, t: Translate): Promise<Block[]> {
  const status = await learning.reviews.status(person);
  const heading: Block = { type: 'heading', text: t('slack.home-reviews') };
  if (status.due > 0) {
    const start = { id: nextId(person), label: t('review.start-count', { count: status.due }), style: 'primary' } as const;
    return [heading, ...buttonRow([start])];
  }
  const { zone } = await learning.reminders.get(person);
  return [heading, ...nothingDue({ notes, locale, t, now: clock.now(), zone }, status, person).blocks];
}

/**
 * Mastery by topic as bars of text: the page can show no picture that is not public or a file of Slack's own, so the
 * chart itself comes as a message.
 */
function masteryBlocks({ notes }: Services, progress: Progress, locale: Locale, t: Translate): Block[] {
  const met = progress.topics.filter(({ seen }) => seen > 0).sort((a, b) => a.mastery - b.mastery);
  const rows = met.slice(0, SHOWN_TOPICS).map(({ topic, mastery }) => ({ title: titleOf(notes, topic, locale), mastery }));
  const width = Math.max(0, ...rows.map(({ title }) => displayWidth(title)));
  const lines = rows.map(({ title, mastery }) => {
    const full = Math.round(mastery * BARS);
    return `${title}${' '.repeat(width - displayWidth(title))}  ${'█'.repeat(full)}${'░'.repeat(BARS - full)}  ${percent(mastery)}`;
  });
  const heading: Block = { type: 'heading', text: t('progress.title') };
  if (lines.length === 0) return [heading, { type: 'note', text: t('progress.nothing-yet') }];
  return [
    heading,
    { type: 'markdown', text: `\`\`\`\n${lines.join('\n')}\n\`\`\`` },
    { type: 'note', text: streakText(t, progress) },
    ...buttonRow([{ id: '/progress', label: t('slack.home-progress') }]),
  ];
}

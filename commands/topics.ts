import { type Context, defineCommand } from '../src/core/command.ts';
import { localize } from '../src/core/locale.ts';
import { whisper } from '../src/core/reply.ts';
import { percent } from '../src/demos/lib/format.ts';
import { areaName } from '../src/notes/area-name.ts';
import { titleOf } from '../src/notes/naming.ts';
import { personOf } from './review.ts';

export default defineCommand({
  name: 'topics',
  description: { en: 'What I can explain, by area, with your mastery of each', zh: '我能讲解的主题，按领域分组，附你的掌握程度' },
  visibility: 'private',
  examples: ['/topics'],
  options: {},
  async run(ctx) {
    const { services, t, locale } = ctx;
    const topics = [...services.notes.content().topics.values()];
    const { topics: mastery } = await services.learning.progress(await personOf(ctx));
    const own = new Map(mastery.filter(({ seen }) => seen > 0).map((entry) => [entry.topic, entry.mastery]));
    const shown = (id: string) => {
      const share = own.get(id);
      return `${titleOf(services.notes, id, locale)}${share === undefined ? '' : ` (${percent(share)})`}`;
    };
    const list = (ids: readonly string[]) => ids.map(shown).join(locale === 'zh' ? '、' : ', ');
    const areas = [...new Set(topics.map(({ area }) => area))];
    const items = areas.map((area) => ({
      name: areaName(t, area),
      value: list(topics.filter((topic) => topic.area === area).map(({ id }) => id)),
    }));
    const decks = deckLines(ctx, shown);
    return whisper(
      [
        { type: 'heading', text: t('notes.topics-title', { count: topics.length }) },
        { type: 'fields', items },
        ...(decks.length > 0 ? [{ type: 'markdown', text: `**${t('notes.decks')}**\n\n${decks.join('\n')}` } as const] : []),
        ...(own.size > 0 ? [{ type: 'note', text: t('notes.topics-mastery') } as const] : []),
        { type: 'note', text: t('notes.topics-hint') },
      ],
      {
        kind: 'info',
        topics: topics.map(({ id, area }) => ({ id, area, title: titleOf(services.notes, id, locale), mastery: own.get(id) ?? null })),
        decks: [...services.notes.content().decks.keys()],
      },
    );
  },
});

/** Decks with how to play them, and where they come from, as their licences ask. */
function deckLines({ services, locale }: Context, shown: (id: string) => string): string[] {
  return [...services.notes.content().decks.values()].map(({ id, title, topic, source, license }) => {
    const from = [source, license].filter(Boolean).join(', ');
    return `- ${topic ? localize(title, locale) : shown(id)}: \`/quiz start topic:${topic ?? id}\`${from ? ` (${from})` : ''}`;
  });
}

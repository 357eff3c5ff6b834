import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import type { Translate } from '../src/core/i18n.ts';
import { actionId } from '../src/core/ids.ts';
import { localize } from '../src/core/locale.ts';
import { type Block, type Button, type Reply, whisper } from '../src/core/reply.ts';
import { percent } from '../src/demos/lib/format.ts';
import { areaName } from '../src/notes/area-name.ts';
import type { Topic } from '../src/notes/content.ts';
import { titleOf, unknownTopic } from '../src/notes/naming.ts';
import { byArea, nextAfter, pathTo } from '../src/notes/path.ts';
import { buttonRows } from '../src/notes/present.ts';
import { personOf } from './review.ts';

/** Above this many, each area is opened by itself: a list of all would fill the screen. */
const LISTED = 40;

export default defineCommand({
  name: 'topics',
  description: {
    en: 'What I can explain, by area, with your mastery; what to read before a topic',
    zh: '我能讲解的主题，按领域分组，附你的掌握程度；学某个主题前先读什么',
  },
  visibility: 'private',
  navigates: ['area', 'all'],
  examples: ['/topics', '/topics path:lstm'],
  options: {
    path: {
      type: 'string',
      positional: true,
      rest: true,
      maxLength: 200,
      description: { en: 'a topic: what to read before it, in order', zh: '主题：学它之前按顺序先读什么' },
      suggest: (services, typed, locale) => services.notes.suggest(typed, locale),
    },
  },
  async run(ctx, { path }) {
    if (path === undefined) return allTopics(ctx);
    const { notes } = ctx.services;
    const topic = notes.named(path);
    if (!topic) throw unknownTopic(notes, path, ctx.locale);
    return learningPath(ctx, topic);
  },
  actions: {
    all: (ctx) => allTopics(ctx),
    area: (ctx, [area]) => oneArea(ctx, area ?? ''),
  },
});

/** The reader's share of right answers by topic, of those that they have met. */
async function masteryOf(ctx: Context): Promise<ReadonlyMap<string, number>> {
  const { topics } = await ctx.services.learning.progress(await personOf(ctx));
  return new Map(topics.filter(({ seen }) => seen > 0).map((entry) => [entry.topic, entry.mastery]));
}

async function allTopics(ctx: Context): Promise<Reply> {
  const { services, t, locale } = ctx;
  const topics = [...services.notes.content().topics.values()];
  const own = await masteryOf(ctx);
  const shown = (id: string) => named(ctx, id, own);
  const areas = byArea(topics);
  const many = topics.length > LISTED;
  const decks = deckLines(ctx, shown);
  return whisper(
    [
      { type: 'heading', text: t('notes.topics-title', { count: topics.length }) },
      ...(many ? areaButtons(areas, t) : [{ type: 'fields', items: areaLists(areas, t, shown) } as const]),
      ...(decks.length > 0 ? [{ type: 'markdown', text: `**${t('notes.decks')}**\n\n${decks.join('\n')}` } as const] : []),
      ...(own.size > 0 && !many ? [{ type: 'note', text: t('notes.topics-mastery') } as const] : []),
      { type: 'note', text: t('notes.topics-hint') },
    ],
    {
      kind: 'info',
      topics: topics.map(({ id, area }) => ({ id, area, title: titleOf(services.notes, id, locale), mastery: own.get(id) ?? null })),
      decks: [...services.notes.content().decks.keys()],
    },
  );
}

type Areas = ReadonlyMap<string, readonly Topic[]>;

function areaButtons(areas: Areas, t: Translate): Block[] {
  return buttonRows(
    [...areas].map(([area, { length }]) => ({ id: actionId('topics', 'area', area), label: `${areaName(t, area)} (${length})` })),
  );
}

function areaLists(areas: Areas, t: Translate, shown: (id: string) => string): { name: string; value: string }[] {
  return [...areas].map(([area, topics]) => ({ name: areaName(t, area), value: topics.map(({ id }) => shown(id)).join(t('quiz.comma')) }));
}

/** The topics of one area, each to be opened, with what to read before it. */
async function oneArea(ctx: Context, area: string): Promise<Reply> {
  const { services, t } = ctx;
  const topics = byArea(services.notes.content().topics.values()).get(area);
  if (!topics) throw new UserError('stale-button');
  const own = await masteryOf(ctx);
  return whisper(
    [
      { type: 'heading', text: areaName(t, area) },
      { type: 'rows', items: topics.map((topic) => topicRow(ctx, topic, own)) },
      ...(own.size > 0 ? [{ type: 'note', text: t('notes.topics-mastery') } as const] : []),
      ...buttonRows([{ id: actionId('topics', 'all'), label: t('notes.topics-all') }]),
    ],
    { kind: 'info', area, topics: topics.map(({ id }) => id) },
  );
}

/** What to read before a topic, first things first, and what builds on it. */
async function learningPath(ctx: Context, topic: Topic): Promise<Reply> {
  const { services, t, locale } = ctx;
  const { notes } = services;
  const own = await masteryOf(ctx);
  const path = pathTo(notes, topic);
  const next = nextAfter(notes, topic.id);
  const title = titleOf(notes, topic.id, locale);
  return whisper(
    [
      { type: 'heading', text: t('notes.path-title', { title }) },
      ...(path.length === 1 ? [{ type: 'note', text: t('notes.path-none', { title }) } as const] : []),
      { type: 'rows', items: path.map((one, i) => topicRow(ctx, one, own, `${i + 1}. `)) },
      ...(next.length > 0
        ? [
            {
              type: 'markdown',
              text: t('notes.path-next', { titles: next.map(({ id }) => named(ctx, id, own)).join(t('quiz.comma')) }),
            } as const,
          ]
        : []),
      ...(own.size > 0 ? [{ type: 'note', text: t('notes.topics-mastery') } as const] : []),
    ],
    { kind: 'info', path: path.map(({ id }) => id), next: next.map(({ id }) => id) },
  );
}

function topicRow(ctx: Context, topic: Topic, own: ReadonlyMap<string, number>, before = ''): { text: string; button: Button } {
  return {
    text: `${before}${named(ctx, topic.id, own)}`,
    button: { id: actionId('explain', 'topic', topic.id), label: ctx.t('notes.open') },
  };
}

/** A topic's title, with the reader's share of right answers where they have met it. */
function named({ services, locale }: Context, id: string, own: ReadonlyMap<string, number>): string {
  const share = own.get(id);
  return `${titleOf(services.notes, id, locale)}${share === undefined ? '' : ` (${percent(share)})`}`;
}

/** Decks with how to play them, and where they come from, as their licences ask. */
function deckLines({ services, locale }: Context, shown: (id: string) => string): string[] {
  return [...services.notes.content().decks.values()].map(({ id, title, topic, source, license }) => {
    const from = [source, license].filter(Boolean).join(', ');
    return `- ${topic ? localize(title, locale) : shown(id)}: \`/quiz start topic:${topic ?? id}\`${from ? ` (${from})` : ''}`;
  });
}

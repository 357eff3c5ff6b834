import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import type { ClassView } from '../src/learn/class.ts';
import { classBlocks, classChart, classTopicBlocks, DISCUSSED } from '../src/learn/class-view.ts';
import { startHere } from '../src/quiz/leading.ts';
import { DEFAULTS } from './quiz.ts';

export default defineCommand({
  name: 'class',
  description: {
    en: 'Managers: how the group stands by topic, and what is worth discussing; nobody is named',
    zh: '管理者：各主题的整体掌握情况和值得讨论的题，不具名',
  },
  visibility: 'private',
  group: true,
  slow: true,
  examples: ['/class'],
  options: {},
  async run(ctx) {
    const view = await viewOf(ctx);
    const shown = { notes: ctx.services.notes, locale: ctx.locale, t: ctx.t };
    const spec = classChart(shown, view);
    return whisper(
      [
        { type: 'heading', text: ctx.t('class.title') },
        ...(spec ? [await ctx.services.demos.chart('class', spec)] : []),
        ...classBlocks(shown, view),
      ],
      { kind: 'info', class: told(view) },
    );
  },
  actions: {
    async topic(ctx, [topic = '']) {
      const view = await viewOf(ctx);
      return whisper(classTopicBlocks({ notes: ctx.services.notes, locale: ctx.locale, t: ctx.t }, view, topic), {
        kind: 'info',
        class: told(view, topic),
      });
    },
    async discuss(ctx, [topic]): Promise<Reply> {
      const { items } = await viewOf(ctx);
      const only = items
        .filter(({ discuss, question }) => discuss && (topic === undefined || question.topic === topic))
        .map(({ question }) => question.id);
      if (only.length === 0) throw new UserError('stale-button');
      const some = only.slice(0, DISCUSSED);
      return startHere(ctx, { ...DEFAULTS, mode: 'discuss', topic: null, total: some.length, only: some });
    },
  },
});

/** @throws UserError for everyone but the managers of the space. */
async function viewOf({ request, room, services }: Context): Promise<ClassView> {
  if (!(await services.ownNotes.managers.mayPublish(request))) throw new UserError('class-managers-only');
  return services.learning.classOf(room);
}

function told({ people, topics, items }: ClassView, topic?: string) {
  return {
    people,
    topics: topics.filter((one) => topic === undefined || one.topic === topic),
    items: items.flatMap(({ question, ...item }) =>
      topic === undefined || question.topic === topic ? [{ question: question.id, ...item }] : [],
    ),
  };
}

import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { addWays, makeItem, writeAnswer } from '../src/gaps/answering.ts';
import { familyBlocks, missingForm, pageBlocks, writtenBlocks } from '../src/gaps/present.ts';
import type { Shown } from '../src/gaps/service.ts';
import { MAX_ANSWER_TEXT } from '../src/own-notes/create.ts';

export default defineCommand({
  name: 'gaps',
  description: {
    en: 'Managers: what was asked and not answered; write the answer here',
    zh: '管理者：查看没有答上的问题，并在这里写出答案',
  },
  visibility: 'private',
  group: true,
  examples: ['/gaps', '/gaps 12', '/gaps 12 The exam is on 12 December.'],
  options: {
    number: { type: 'integer', positional: true, min: 1, description: { en: 'number of a question', zh: '问题的编号' } },
    answer: {
      type: 'string',
      positional: true,
      rest: true,
      maxLength: MAX_ANSWER_TEXT,
      description: { en: 'the answer, in Markdown', zh: '答案，可用 Markdown' },
    },
  },
  async run(ctx, { number, answer }) {
    await managersOnly(ctx);
    if (number === undefined) return list(ctx, 0, 'asked');
    return answer === undefined ? family(ctx, number) : written(ctx, number, answer);
  },
  actions: {
    page: async (ctx, [page = '', order = '']) => {
      await managersOnly(ctx);
      return list(ctx, Number(page) || 0, order === 'newest' ? 'newest' : 'asked');
    },
    open: async (ctx, [id = '']) => {
      await managersOnly(ctx);
      return family(ctx, Number(id));
    },
    async write(ctx, [id = '']) {
      await managersOnly(ctx);
      const text = typedIn(ctx);
      return text === undefined ? howTo(ctx, `/gaps ${Number(id)} …`) : written(ctx, Number(id), text);
    },
    async dismiss(ctx, [id = '']) {
      await managersOnly(ctx);
      await ctx.services.gaps.close(ctx.room, Number(id), '-');
      return list(ctx, 0, 'asked');
    },
    async ways(ctx, [topic = '']) {
      await managersOnly(ctx);
      const text = typedIn(ctx);
      if (text === undefined) return howTo(ctx, ctx.t('gaps.ways-label'));
      const result = await addWays(ctx.services, ctx.room, ctx.request.user, topic, text);
      return whisper(writtenBlocks(result, ctx.t), { kind: 'info', ...result });
    },
    async item(ctx, [topic = '']) {
      await managersOnly(ctx);
      const text = typedIn(ctx);
      if (text === undefined) return howTo(ctx, ctx.t('gaps.item-label'));
      const item = await makeItem(ctx.services, ctx.room, ctx.request.user, topic, text);
      return whisper([{ type: 'note', text: ctx.t('gaps.item-made', { topic, kind: ctx.t(`gaps.kind-${item.kind}`) }) }], {
        kind: 'info',
        topic,
        item: item.kind,
      });
    },
    async undo(ctx, [topic = '']) {
      await managersOnly(ctx);
      const was = await ctx.services.ownNotes.withdraw(ctx.room, topic);
      if (!was) throw new UserError('stale-button');
      await ctx.services.gaps.reopen(ctx.room, topic);
      return whisper([{ type: 'note', text: ctx.t('gaps.undone') }], { kind: 'info', withdrawn: topic });
    },
    up: (ctx, args) => vote(ctx, args, 1),
    down: (ctx, args) => vote(ctx, args, -1),
    async missing(ctx, args) {
      const shown = shownIn(ctx, args);
      const text = typedIn(ctx);
      if (text !== undefined) await ctx.services.gaps.missing(ctx.request, shown, text, ctx.locale);
      return whisper([{ type: 'note', text: ctx.t('gaps.missing-kept') }], { kind: 'info', kept: text !== undefined });
    },
    async reviewed(ctx, args) {
      await managersOnly(ctx);
      const { by } = await ctx.services.gaps.review(ctx.room, shownIn(ctx, args), ctx.request.user);
      return whisper([{ type: 'note', text: ctx.t('gaps.review-kept', { name: by }) }], { kind: 'info', reviewedBy: by });
    },
  },
  navigates: ['page', 'open', 'dismiss'],
});

/** Whoever may publish notes here: moderators, and whom `/notes managers` names. */
async function managersOnly({ request, services }: Context): Promise<void> {
  if (!(await services.ownNotes.managers.mayPublish(request))) throw new UserError('gaps-managers-only');
}

async function list(ctx: Context, page: number, order: 'asked' | 'newest'): Promise<Reply> {
  const { gaps } = ctx.services;
  const { gaps: on } = await gaps.settings(ctx.room);
  const found = await gaps.page(ctx.room, page, order);
  const off = on ? [] : [{ type: 'note', tone: 'warning', text: ctx.t('gaps.off') } as const];
  return whisper([...off, ...pageBlocks(found, order, ctx.t)], { kind: 'info', gaps: on, ...found });
}

async function family(ctx: Context, id: number): Promise<Reply> {
  const found = await ctx.services.gaps.family(ctx.room, id);
  if (!found) throw new UserError('gap-gone', { number: id });
  return whisper(familyBlocks(found, ctx.t), { kind: 'info', ...found });
}

async function written(ctx: Context, id: number, text: string): Promise<Reply> {
  const result = await writeAnswer(ctx.services, ctx.room, ctx.request.user, id, text);
  return whisper(writtenBlocks(result, ctx.t), { kind: 'info', ...result });
}

/** What was typed into the button's form. */
function typedIn({ request }: Context): string | undefined {
  const { text } = request.options;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

function howTo(ctx: Context, way: string): Reply {
  return whisper([{ type: 'note', text: ctx.t('gaps.how-to', { way }) }], { kind: 'info' });
}

/** The answer that a button belongs to, if the space still sees it. */
function shownIn({ services, room }: Context, [topic = '', unit = '']: string[]): Shown {
  if (!services.ownNotes.of(room).hit(topic, unit)) throw new UserError('stale-button');
  return { topic, unit };
}

async function vote(ctx: Context, args: string[], value: 1 | -1): Promise<Reply> {
  const { services, room, request, t } = ctx;
  const shown = shownIn(ctx, args);
  const { feedback, gaps } = await services.gaps.settings(room);
  if (!feedback) throw new UserError('stale-button');
  await services.gaps.vote(request, shown, value, ctx.locale);
  const ask = value === -1 && gaps;
  const items = [
    ...(ask ? [{ id: actionId('gaps', 'missing', shown.topic, shown.unit), label: t('gaps.missing-label'), form: missingForm(t) }] : []),
    ...((await services.ownNotes.managers.mayPublish(request))
      ? [{ id: actionId('gaps', 'reviewed', shown.topic, shown.unit), label: t('gaps.mark-reviewed') }]
      : []),
  ];
  const receipt = t(value === 1 ? 'gaps.thanks-up' : gaps ? 'gaps.thanks-down-kept' : 'gaps.thanks-down');
  return {
    ...whisper([{ type: 'note', text: receipt }, ...(items.length > 0 ? [{ type: 'buttons', items } as const] : [])], {
      kind: 'info',
      vote: value,
    }),
    slot: `vote-${shown.topic}-${shown.unit}`,
  };
}

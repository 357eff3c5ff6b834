import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type FileBlock, type Reply, whisper } from '../src/core/reply.ts';
import { exportDeck } from '../src/learn/decks/export-deck.ts';
import { GRACE_DAYS } from '../src/store/spaces.ts';
import { personOf } from './review.ts';

export default defineCommand({
  name: 'export',
  description: { en: 'Take your data with you: all of it, or your questions as a deck', zh: '导出你的全部数据，或把做过的题导出为题库' },
  visibility: 'private',
  examples: ['/export', '/export anki', '/export csv missed:true', '/export space'],
  options: {
    format: {
      type: 'choice',
      choices: ['json', 'csv', 'anki', 'gift', 'space'],
      positional: true,
      labels: {
        json: { en: 'everything about me (JSON)', zh: '关于我的全部数据（JSON）' },
        csv: { en: 'my questions for a spreadsheet (CSV)', zh: '我的题目，电子表格（CSV）' },
        anki: { en: 'my questions for Anki', zh: '我的题目，Anki 文本' },
        gift: { en: 'my questions for Moodle (GIFT)', zh: '我的题目，Moodle（GIFT）' },
        space: { en: 'managers: what belongs to this group (JSON)', zh: '管理者：本组的数据（JSON）' },
      },
      description: {
        en: 'json (default): everything; csv, anki, gift: the questions you have met',
        zh: 'json（默认）：全部数据；csv、anki、gift：你做过的题',
      },
    },
    missed: {
      type: 'boolean',
      description: { en: 'only questions that you got wrong the last time', zh: '只导出上次答错的题' },
    },
  },
  async run(ctx, { format = 'json', missed = false }) {
    if (format === 'space') return space(ctx);
    return format === 'json' ? everything(ctx) : deck(ctx, format, missed);
  },
});

async function everything(ctx: Context): Promise<Reply> {
  const data = await ctx.services.learning.dataOf(await personOf(ctx));
  const file: FileBlock = { type: 'file', name: 'my-data.json', mime: 'application/json', text: `${JSON.stringify(data, null, 2)}\n` };
  return whisper([{ type: 'note', text: ctx.t('export.everything') }, file], { kind: 'info', file: file.name });
}

/** What belongs to the group: its notes in all versions, its settings, its scores without people. */
async function space(ctx: Context): Promise<Reply> {
  const { services, request, room, t } = ctx;
  if (!request.user.manager) throw new UserError('notes-managers-only');
  const data = { exportedAt: new Date(services.clock.now()).toISOString(), ...(await services.spaces.dataOf(room)) };
  const file: FileBlock = { type: 'file', name: 'group-data.json', mime: 'application/json', text: `${JSON.stringify(data, null, 2)}\n` };
  return whisper([{ type: 'note', text: t('export.space', { days: GRACE_DAYS }) }, file], { kind: 'info', file: file.name });
}

async function deck(ctx: Context, format: 'csv' | 'anki' | 'gift', missed: boolean): Promise<Reply> {
  const { services, locale, t } = ctx;
  const questions = await services.learning.met(await personOf(ctx), missed);
  if (questions.length === 0) throw new UserError(missed ? 'nothing-missed' : 'nothing-met');
  const name = missed ? 'my-missed-questions' : 'my-questions';
  const { file, lost } = exportDeck(name, { title: t('export.title') }, questions, format, locale, t);
  const left = lost.filter((remark) => remark.lost).length;
  const lines = [t(`export.${format}`, { count: questions.length - left }), ...(left > 0 ? [t('export.left-out', { count: left })] : [])];
  return whisper([{ type: 'note', text: lines.join(' ') }, file], {
    kind: 'info',
    file: file.name,
    questions: questions.length - left,
    lost,
  });
}

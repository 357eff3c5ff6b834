import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Block, clipWidth, say } from '../src/core/reply.ts';
import { questionTopic, suggestQuestionTopics, titleOf } from '../src/notes/naming.ts';
import { PERIODS } from '../src/quiz/service.ts';

const SHOWN = 10;
/** Cells that a name takes at most: with its numbers beside it a line fits a phone. */
const NAME_WIDTH = 20;

export default defineCommand({
  name: 'scores',
  description: { en: 'The leaderboard of this channel or of all channels', zh: '本频道或全部频道的排行榜' },
  visibility: 'public',
  group: true,
  examples: ['/scores', '/scores week', '/scores all topic:batch-size where:server', '/scores season:1'],
  options: {
    period: {
      type: 'choice',
      choices: PERIODS,
      positional: true,
      labels: {
        today: { en: 'today', zh: '今天' },
        week: { en: 'this week', zh: '本周' },
        month: { en: 'this month', zh: '本月' },
        season: { en: 'this season', zh: '本赛季' },
        all: { en: 'all time', zh: '全部' },
      },
      description: { en: 'today, week, month, season or all (default)', zh: '今天、本周、本月、本赛季或全部（默认）' },
    },
    topic: {
      type: 'string',
      description: { en: 'only this topic', zh: '只看这个主题' },
      suggest: (services, typed, locale) => suggestQuestionTopics(services.notes, typed, locale),
    },
    where: {
      type: 'choice',
      choices: ['here', 'server'],
      labels: {
        here: { en: 'this channel', zh: '本频道' },
        server: { en: 'all channels', zh: '全部频道' },
      },
      description: { en: 'this channel (default) or all channels', zh: '本频道（默认）或全部频道' },
    },
    season: {
      type: 'integer',
      min: 1,
      max: 9_999,
      description: { en: 'the final standing of a season, by its number', zh: '某个赛季的最终排名（赛季编号）' },
    },
  },
  async run({ request, room, services, t, locale }, { period = 'all', topic, where = 'here', season }) {
    const { notes, scores } = services;
    const known = topic === undefined ? null : questionTopic(notes, topic, locale);
    const running = await scores.season(room);
    if (season !== undefined && season > running) throw new UserError('unknown-season', { season, running });
    const query = { where: { ...room, room: where === 'here' ? room.room : null }, period: season ?? period, topic: known };
    const rows = await scores.board(query, SHOWN);
    const you = await scores.place(query, request.user.id);
    const title = season === undefined ? t(`scores.title-${period}`, { season: running }) : t('scores.title-one-season', { season });
    const heading = [title, ...(known ? [titleOf(notes, known, locale)] : []), ...(where === 'server' ? [t('scores.server')] : [])].join(
      ' · ',
    );
    const outcome = { kind: 'scores', period: season === undefined ? period : `season-${season}`, rows, ...(you && { you }) } as const;
    const blocks: Block[] = [{ type: 'heading', text: heading }];
    if (rows.length === 0) blocks.push({ type: 'note', text: t('scores.none') });
    else {
      const columns = [t('scores.rank'), t('scores.name'), t('scores.points'), t('scores.correct')];
      // A tie may be long; a board is read at a glance.
      const table = rows
        .slice(0, SHOWN)
        .map((row) => [String(row.rank), clipWidth(row.user.name, NAME_WIDTH), String(row.score), `${row.correct}/${row.answered}`]);
      blocks.push({ type: 'table', columns, rows: table });
      const more = rows.length - table.length;
      if (more > 0) blocks.push({ type: 'note', text: t('scores.more-tied', { count: more, score: rows.at(-1)!.score }) });
    }
    if (you && !rows.slice(0, SHOWN).some(({ user }) => user.id === you.user.id))
      blocks.push({ type: 'note', text: t('scores.you', { name: you.user.name, rank: you.rank, score: you.score }) });
    return say(blocks, outcome);
  },
});

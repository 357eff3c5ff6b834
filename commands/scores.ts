import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { say } from '../src/core/reply.ts';
import { plain } from '../src/quiz/boards.ts';
import { PERIODS } from '../src/quiz/service.ts';

const SHOWN = 10;

export default defineCommand({
  name: 'scores',
  description: { en: 'The leaderboard of this channel or server', zh: '本频道或本服务器的排行榜' },
  visibility: 'public',
  group: true,
  examples: ['/scores', '/scores week', '/scores all topic:batch-size where:server'],
  options: {
    period: {
      type: 'choice',
      choices: PERIODS,
      positional: true,
      labels: {
        today: { en: 'today', zh: '今天' },
        week: { en: 'this week', zh: '本周' },
        month: { en: 'this month', zh: '本月' },
        all: { en: 'all time', zh: '全部' },
      },
      description: { en: 'today, week, month or all (default)', zh: '今天、本周、本月或全部（默认）' },
    },
    topic: {
      type: 'string',
      description: { en: 'only this topic', zh: '只看这个主题' },
      suggest: (services, typed, locale) => services.notes.suggest(typed, locale),
    },
    where: {
      type: 'choice',
      choices: ['here', 'server'],
      labels: {
        here: { en: 'this channel', zh: '本频道' },
        server: { en: 'the whole server', zh: '整个服务器' },
      },
      description: { en: 'this channel (default) or the whole server', zh: '本频道（默认）或整个服务器' },
    },
  },
  async run({ room, services, t, locale }, { period = 'all', topic, where = 'here' }) {
    const known = topic === undefined ? null : (services.notes.topic(topic)?.id ?? services.notes.suggest(topic, locale)[0]?.value ?? null);
    if (topic !== undefined && known === null) throw new UserError('unknown-topic', { topic: topic.slice(0, 40) });
    const rows = await services.scores.board({ ...room, room: where === 'here' ? room.room : null }, period, known, SHOWN);
    const title = t(`scores.title-${period}`);
    const outcome = { kind: 'scores', period, rows } as const;
    if (rows.length === 0)
      return say(
        [
          { type: 'heading', text: title },
          { type: 'note', text: t('scores.none') },
        ],
        outcome,
      );
    const columns = [t('scores.rank'), t('scores.name'), t('scores.points'), t('scores.correct')];
    const table = rows.map((row) => [String(row.rank), plain(row.user.name), String(row.score), `${row.correct}/${row.answered}`]);
    return say(
      [
        { type: 'heading', text: title },
        { type: 'table', columns, rows: table },
      ],
      outcome,
    );
  },
});

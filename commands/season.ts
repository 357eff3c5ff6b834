import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { plainName } from '../src/core/names.ts';
import { type Block, type Reply, say, whisper } from '../src/core/reply.ts';

export default defineCommand({
  name: 'season',
  description: { en: 'Seasons of the leaderboard: see them, or close the running one', zh: '排行榜赛季：查看，或结束当前赛季' },
  visibility: 'public',
  group: true,
  examples: ['/season', '/season close name:Autumn'],
  options: {
    do: {
      type: 'choice',
      choices: ['list', 'close'],
      positional: true,
      description: { en: 'list (default) or close', zh: '查看（默认）或结束' },
      labels: { list: { en: 'Show the seasons', zh: '查看赛季' }, close: { en: 'Close the running season', zh: '结束当前赛季' } },
    },
    name: { type: 'string', maxLength: 60, description: { en: 'what to call the season', zh: '给赛季起的名字' } },
  },
  async run(ctx, { do: what = 'list', name = '' }) {
    if (what === 'list') return list(ctx);
    requireHost(ctx);
    const { t, services, room } = ctx;
    const running = await services.scores.season(room);
    const label = plainName(name || t('season.title', { season: running })).slice(0, 32);
    // Asked once more, since a closed season stays closed.
    return whisper(
      [
        { type: 'note', text: t('season.really', { season: running, name: label }) },
        {
          type: 'buttons',
          items: [{ id: actionId('season', 'close', running, label.replaceAll('~', '')), label: t('season.close'), style: 'danger' }],
        },
      ],
      { kind: 'info', season: running },
    );
  },
  actions: {
    async close(ctx, [number, name]) {
      requireHost(ctx);
      const season = await ctx.services.scores.closeSeason(ctx.room, plainName(name ?? ''), Number(number));
      if (!season) throw new UserError('stale-button');
      const text = ctx.t('season.closed', { season: season.number, name: season.name, next: season.number + 1 });
      return say([{ type: 'note', text }], { kind: 'info', season: season.number, name: season.name });
    },
  },
});

function requireHost({ request }: Context): void {
  if (!request.user.admin) throw new UserError('admin-only');
}

async function list({ services, room, t }: Context): Promise<Reply> {
  const seasons = await services.scores.seasons(room);
  const running = await services.scores.season(room);
  const rows = await Promise.all(
    seasons.slice(0, 20).map(async ({ number, name, closedAt }) => {
      const query = { where: { ...room, room: null }, period: number, topic: null };
      const first = (await services.scores.board(query, 1)).map(({ user }) => user.name);
      return [String(number), name, new Date(closedAt).toISOString().slice(0, 10), first.join(', ') || '—'];
    }),
  );
  const table: Block = { type: 'table', columns: ['#', t('season.name'), t('season.until'), t('season.winner')], rows };
  return say(
    [
      { type: 'heading', text: t('season.list-title') },
      { type: 'note', text: t('season.running', { season: running }) },
      ...(rows.length > 0 ? [table] : []),
    ],
    { kind: 'info', running, seasons },
  );
}

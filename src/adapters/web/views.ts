import type { Hono } from 'hono';
import { UserError } from '../../core/errors.ts';
import { itemReport } from '../../learn/item-report.ts';
import { titleOf } from '../../notes/naming.ts';
import { PERIODS, type Period } from '../../quiz/service.ts';
import type { Web } from './app.ts';
import { roomName, userName } from './requests.ts';
import { SPACE } from './room.ts';

/** Rank down to which a leaderboard goes. */
const SHOWN = 50;

/** What the views beside the chat show: leaderboards, one's own progress, and how the whole thing is doing. */
export function serveViews(app: Hono, { services, rooms, adapters, problem, localeOf }: Web): void {
  const { notes, demos, clock, scores, learning } = services;
  const started = clock.now();
  const malformed = (reason: string) => new UserError('malformed-request', { reason });

  app.get('/api/topics', (c) => {
    const locale = localeOf(c);
    return c.json({ topics: [...notes.content().topics.keys()].map((id) => ({ id, title: titleOf(notes, id, locale) })) });
  });

  app.get('/api/scores', async (c) => {
    const { period = 'all', season, topic, room, user } = c.req.query();
    const server = { platform: 'web', space: SPACE };
    const running = await scores.season(server);
    if (!isPeriod(period)) return problem(c, malformed(`period: ${PERIODS.join(', ')}`), 400);
    if (season !== undefined && !(Number.isInteger(Number(season)) && Number(season) >= 1 && Number(season) <= running))
      return problem(c, new UserError('unknown-season', { season: season.slice(0, 10), running }), 400);
    if (topic !== undefined && !notes.topic(topic)) return problem(c, new UserError('unknown-topic', { topic: topic.slice(0, 40) }), 400);
    if (room !== undefined && !roomName.safeParse(room).success) return problem(c, malformed('room'), 400);
    const query = { where: { ...server, room: room ?? null }, period: season ? Number(season) : period, topic: topic ?? null };
    const you = user === undefined ? undefined : await scores.place(query, user);
    const rows = await scores.board(query, SHOWN);
    const named = season ? `season-${season}` : period;
    return c.json({ kind: 'scores', period: named, rows, ...(you && { you }), season: running, seasons: await scores.seasons(server) });
  });

  app.get('/api/progress', async (c) => {
    const user = userName.safeParse(c.req.query('user'));
    if (!user.success) return problem(c, malformed('user'), 400);
    const locale = localeOf(c);
    const { topics, ...progress } = await learning.progress({ platform: 'web', space: SPACE, user_id: user.data });
    return c.json({ ...progress, topics: topics.map((one) => ({ ...one, title: titleOf(notes, one.topic, locale) })) });
  });

  app.get('/api/items', async (c) => c.json({ items: await itemReport(services.store.db, notes.content(), localeOf(c)) }));

  app.get('/api/host', async (c) => {
    const { topics, questions } = notes.content();
    return c.json({
      started,
      now: clock.now(),
      node: process.version,
      memory: process.memoryUsage().rss,
      backend: await demos.backend().catch(() => null),
      queue: demos.status(),
      pages: rooms.listeners(),
      adapters: adapters().map((adapter) => ({ platform: adapter.platform, ...adapter.health() })),
      content: { topics: topics.size, questions: questions.size, demos: demos.list().length, problems: notes.problems() },
    });
  });
}

function isPeriod(text: string): text is Period {
  return (PERIODS as readonly string[]).includes(text);
}

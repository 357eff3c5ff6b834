import type { Hono } from 'hono';
import { UserError } from '../../core/errors.ts';
import { textOf } from '../../notes/content.ts';
import { PERIODS, type Period } from '../../quiz/service.ts';
import type { Web } from './app.ts';
import { roomName } from './requests.ts';
import { SPACE } from './room.ts';

/** Rows of a leaderboard. */
const SHOWN = 100;

/** What the views beside the chat show: leaderboards, and how the whole thing is doing. */
export function serveViews(app: Hono, { services, rooms, adapters, problem, localeOf }: Web): void {
  const { notes, demos, clock } = services;
  const started = clock.now();

  app.get('/api/topics', (c) => {
    const locale = localeOf(c);
    const topics = [...notes.content().topics.values()].map((topic) => ({ id: topic.id, title: textOf(topic, locale).title }));
    return c.json({ topics });
  });

  app.get('/api/scores', async (c) => {
    const { period = 'all', topic, room } = c.req.query();
    if (!isPeriod(period)) return problem(c, new UserError('malformed-request', { reason: `period: ${PERIODS.join(', ')}` }), 400);
    if (topic !== undefined && !notes.topic(topic)) return problem(c, new UserError('unknown-topic', { topic: topic.slice(0, 40) }), 400);
    if (room !== undefined && !roomName.safeParse(room).success)
      return problem(c, new UserError('malformed-request', { reason: 'room' }), 400);
    const where = { platform: 'web', space: SPACE, room: room ?? null };
    return c.json({ kind: 'scores', period, rows: await services.scores.board(where, period, topic ?? null, SHOWN) });
  });

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

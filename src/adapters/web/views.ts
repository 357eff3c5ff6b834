import type { Hono } from 'hono';
import { UserError } from '../../core/errors.ts';
import { titleOf, unknownTopic } from '../../notes/naming.ts';
import { PERIODS, type Period } from '../../quiz/service.ts';
import type { Web } from './app.ts';
import type { Env } from './identity.ts';
import { roomName } from './requests.ts';
import { SPACE } from './space.ts';

/** Rank down to which a leaderboard goes. */
const SHOWN = 50;

/** What the views beside the chat show: leaderboards, and one's own progress. */
export function serveViews(app: Hono<Env>, { services, problem, localeOf }: Web): void {
  const { notes, scores, learning } = services;
  const malformed = (reason: string) => new UserError('malformed-request', { reason });

  app.get('/api/topics', (c) => {
    const locale = localeOf(c);
    return c.json({ topics: [...notes.content().topics.keys()].map((id) => ({ id, title: titleOf(notes, id, locale) })) });
  });

  app.get('/api/scores', async (c) => {
    const { period = 'all', season, topic, room } = c.req.query();
    const user = c.get('session')?.person?.id;
    const server = { platform: 'web', space: SPACE };
    const running = await scores.season(server);
    if (!isPeriod(period)) return problem(c, malformed(`period: ${PERIODS.join(', ')}`), 400);
    if (season !== undefined && !(Number.isInteger(Number(season)) && Number(season) >= 1 && Number(season) <= running))
      return problem(c, new UserError('unknown-season', { season: season.slice(0, 10), running }), 400);
    if (topic !== undefined && !notes.topic(topic)) return problem(c, unknownTopic(notes, topic, localeOf(c)), 400);
    if (room !== undefined && !roomName.safeParse(room).success) return problem(c, malformed('room'), 400);
    const query = { where: { ...server, room: room ?? null }, period: season ? Number(season) : period, topic: topic ?? null };
    const you = user === undefined ? undefined : await scores.place(query, user);
    const rows = await scores.board(query, SHOWN);
    const named = season ? `season-${season}` : period;
    return c.json({ kind: 'scores', period: named, rows, ...(you && { you }), season: running, seasons: await scores.seasons(server) });
  });

  app.get('/api/progress', async (c) => {
    const user = c.get('session')?.person;
    if (!user) return problem(c, new UserError('nobody-yet'), 401);
    const locale = localeOf(c);
    const { topics, ...progress } = await learning.progress(await learning.personOf({ platform: 'web', space: SPACE, user }));
    return c.json({ ...progress, topics: topics.map((one) => ({ ...one, title: titleOf(notes, one.topic, locale) })) });
  });
}

function isPeriod(text: string): text is Period {
  return (PERIODS as readonly string[]).includes(text);
}

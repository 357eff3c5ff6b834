import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openChannel } from '../../src/cluster/listening.ts';
import { createLog } from '../../src/create-services.ts';
import { createMovableClock } from '../helpers/clock.ts';
import { createPeople, rowsOf } from '../helpers/cluster.ts';
import { crashAnswer, crashContent } from '../helpers/crash-steps.ts';
import { openWay } from '../helpers/cut.ts';
import { startPlayground } from '../helpers/playground.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
/** Short, so that the others would have taken over long before the database is back. */
const ALIVE_FOR = 1_500;

let server: TestPostgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

it('gives no receipt for what is not stored while the database is away for a minute, and goes on as if it had not been', async () => {
  const database = await server.withTables();
  const way = await openWay(database);
  const clock = createMovableClock(0);
  const playground = await startPlayground({
    folder: mkdtempSync(join(tmpdir(), 'outage-')),
    clock,
    freshSeed: () => 7,
    aliveFor: ALIVE_FOR,
    env: { DATABASE_URL: way.url, CONTENT_DIR: crashContent(), LOG_LEVEL: 'silent' },
  });
  const { say } = createPeople();
  const posted = async () =>
    (
      await rowsOf<{ heading: string }>(
        database,
        `select body::json->'blocks'->0->>'text' as heading from web_messages where bot = 1 and author_id is not null order by seq`,
      )
    ).map(({ heading }) => heading);
  const answerTo = async (position: number) => {
    const [question] = await rowsOf<{ question_id: string; instance: string }>(
      database,
      `select question_id, instance from quiz_questions where position = ${position}`,
    );
    return `/answer ${crashAnswer(question!, 'right')}`;
  };
  try {
    await say(playground, 'host', '/quiz start topic:crash questions:2 lobby:0 seconds:60 mode:calm', 'start');
    await vi.waitFor(
      async () => expect(await rowsOf(database, `select 1 from quiz_events where event like '{"type":"posted"%'`)).toHaveLength(1),
      PATIENCE,
    );
    for (const user of ['ana', 'ben', 'cem']) await say(playground, user, '/lang en', `hello-${user}`);
    expect((await say(playground, 'ana', await answerTo(0), 'a1')).result).toMatchObject({ recorded: expect.anything() });
    const before = await rowsOf(database, 'select delivery from quiz_events where delivery is not null order by seq');

    const late = await answerTo(0);
    way.cut();
    // Past its signs of life, and past the end of the question.
    await sleep(2 * ALIVE_FOR);
    const { result } = await say(playground, 'ben', late, 'b1');
    expect(result).toMatchObject({ kind: 'error', code: expect.stringMatching(/^(database-gone|not-recorded-gone)$/) });
    clock.move(60_000);
    expect(await rowsOf(database, 'select delivery from quiz_events where delivery is not null order by seq')).toEqual(before);

    way.mend();
    // The end of the question comes when it can be stored, and with it what follows.
    clock.move(66_000);
    await vi.waitFor(
      async () => expect((await posted()).filter((heading) => heading?.startsWith('Answer to question 1'))).toHaveLength(1),
      PATIENCE,
    );
    clock.move(80_000);
    await vi.waitFor(
      async () => expect((await posted()).filter((heading) => heading?.startsWith('Question 2 of 2'))).toHaveLength(1),
      PATIENCE,
    );
    expect((await say(playground, 'ben', await answerTo(1), 'b2')).result).toMatchObject({ recorded: expect.anything() });
    const stored = await rowsOf<{ delivery: string }>(
      database,
      `select delivery from quiz_events where event like '{"type":"answer"%' order by seq`,
    );
    expect(stored.map(({ delivery }) => delivery)).toEqual(['a1', 'b2']);
  } finally {
    await playground.close();
    await way.close();
  }
});

it('hears others again after the connection that it listens on was lost, and is told that it may have missed something', async () => {
  const url = await server.withTables();
  const log = createLog('silent');
  const [here, there] = await Promise.all([openChannel(url, log), openChannel(url, log)]);
  const heard: string[] = [];
  let gaps = 0;
  here.listen('quiz', (text) => heard.push(text));
  here.onGap(() => gaps++);
  await there.tell('quiz', 'before');
  await vi.waitFor(() => expect(heard).toEqual(['before']), PATIENCE);

  const client = new Client(url);
  await client.connect();
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`);
  await client.end();
  // Both have lost theirs; what is told meanwhile is told to nobody, and says so by the gap.
  await vi.waitFor(() => expect(gaps).toBe(1), PATIENCE);
  await vi.waitFor(async () => {
    await there.tell('quiz', 'after');
    expect(heard).toContain('after');
  }, PATIENCE);
  await Promise.all([here.close(), there.close()]);
});

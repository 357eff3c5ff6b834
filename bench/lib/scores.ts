import { join } from 'node:path';
import { sql } from 'kysely';
import { systemClock } from '../../src/core/clock.ts';
import { periodKeys } from '../../src/quiz/score-sums.ts';
import { boardQuery, createScores } from '../../src/quiz/scores.ts';
import { PERIODS } from '../../src/quiz/service.ts';
import { openStore, type SqliteStore } from '../../src/store/database.ts';

const ANSWERS = 1_000_000;
const PEOPLE = 5_000;
const TOPICS = 25;
const ROOMS = 8;
const RUNS = 50;
const WHERE = { platform: 'web', space: 'bench' } as const;

/** Times every leaderboard over a million answers, and shows how SQLite finds the rows. */
export async function benchScores(folder: string): Promise<void> {
  const store = await openStore(join(folder, 'scores.db'));
  await fill(store);
  await store.sqlite.exec('vacuum');
  const scores = createScores(store.db, systemClock);
  const { answers } = store.sqlite.prepare('select count(*) as answers from answers').get() as { answers: number };
  const { sums } = store.sqlite.prepare('select count(*) as sums from score_sums').get() as { sums: number };
  process.stdout.write(`\n/scores over ${answers} answers of ${PEOPLE} people (${sums} sums); board and own place, ms\n`);
  process.stdout.write('period  where   topic     p50    p99\n');
  for (const period of PERIODS) {
    for (const room of ['room-1', null]) {
      for (const topic of [null, 'topic-1']) {
        const times: number[] = [];
        for (let run = 0; run < RUNS; run++) {
          const begun = performance.now();
          const query = { where: { ...WHERE, room }, period, topic };
          await scores.board(query, 10);
          await scores.place(query, `person-${(run * 97) % PEOPLE}`);
          times.push(performance.now() - begun);
        }
        times.sort((a, b) => a - b);
        const cells = [period.padEnd(6), (room ? 'room' : 'server').padEnd(6), (topic ?? 'all').padEnd(8)];
        process.stdout.write(
          `${[...cells, ...[0.5, 0.99].map((share) => times[Math.floor(share * RUNS)]!.toFixed(2).padStart(5))].join('  ')}\n`,
        );
      }
    }
  }
  const { sql: text, parameters } = boardQuery(store.db, { ...WHERE, room: '', topic: '', period: 'all' }, 10).compile();
  const plan = store.sqlite.prepare(`explain query plan ${text}`).all(...parameters) as { detail: string }[];
  process.stdout.write(`\nPlan of a board:\n${plan.map(({ detail }) => `  ${detail}`).join('\n')}\n`);
  await store.close();
}

/** A million answers of the last year, and the sums that closing their questions would have made. */
async function fill({ db, sqlite }: SqliteStore): Promise<void> {
  sqlite.exec(`
    insert into people (platform, space, user_id, name, hidden)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${PEOPLE - 1})
    select 'web', 'bench', 'person-' || i, 'Person ' || i, i % 50 = 0 from n;
    insert into quizzes (id, platform, space, room, request, settings, phase, created_at, finished_at)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < 999)
    select 'quiz-' || i, 'web', 'bench', 'room-' || (i % ${ROOMS}), 'request-' || i, '{}', 'ended', 0, 1 from n;
    insert into answers (quiz_id, position, user_id, value, credit, points, at)
    with recursive n(i) as (select 0 union all select i + 1 from n where i < ${ANSWERS - 1})
    select 'quiz-' || (i % 1000), i / ${PEOPLE * 4} % 50, 'person-' || ((i * 7919 % ${PEOPLE} + i / ${PEOPLE}) % ${PEOPLE}), '{"picked":[0]}', i % 3 = 0,
           (i % 3 = 0) * (700 + i * 31 % 300), ${Date.now()} - (i * 104729 % (365 * 86400)) * 1000 from n where true
    on conflict do nothing;
  `);
  const keys = periodKeys(Date.now(), 1);
  const since: Record<string, string> = {
    [keys.today]: keys.today.slice(1),
    [keys.week]: keys.week.slice(1),
    [keys.month]: `${keys.month}-01`,
  };
  for (const period of Object.values(keys)) {
    for (const room of ['quizzes.room', "''"]) {
      for (const topic of [`'topic-' || (answers.position % ${TOPICS})`, "''"]) {
        await sql`
          insert into score_sums (platform, space, room, topic, period, user_id, points, correct, answered)
          select 'web', 'bench', ${sql.raw(room)} as r, ${sql.raw(topic)} as t, ${period}, user_id, sum(points), sum(credit), count(*)
          from answers join quizzes on quizzes.id = quiz_id where at >= ${Date.parse(since[period] ?? '2000-01-01')}
          group by r, t, user_id
        `.execute(db);
      }
    }
  }
}

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPeople, type Member, rowsOf, startMember } from '../helpers/cluster.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { smallContent } from '../helpers/small-content.ts';

const text = (words: string) => `{ en: "${words}", zh: "${words}" }`;
const content = smallContent({
  crash: `
title: Crash
questions:
  - { id: crash.one, kind: numeric, answer: 4, tolerance: 0, prompt: ${text('Two and two?')}, explanation: ${text('Four.')} }
  - { id: crash.two, kind: numeric, answer: 4, tolerance: 0, prompt: ${text('One and three?')}, explanation: ${text('Four.')} }
`,
});
/** A slow machine takes its time; what must not take long is measured. */
const PATIENCE = 60_000;

let server: TestPostgres;
let members: Member[] = [];
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  for (const member of members) member.signal('SIGKILL');
  await server.close();
});

const workers = (url: string) => rowsOf<{ worker: string | null }>(url, 'select worker from quizzes order by created_at desc limit 1');
const posted = (url: string, heading: string) =>
  rowsOf<{ id: string }>(url, `select id from web_messages where bot = 1 and body like '%"type":"heading","text":"${heading}%'`);

/** @returns how long it took, in milliseconds */
async function until(what: () => Promise<boolean>): Promise<number> {
  const from = performance.now();
  while (!(await what())) {
    if (performance.now() - from > PATIENCE) throw new Error(`it does not come; ${members.map((member) => member.log()).join('\n')}`);
    await setTimeout(50);
  }
  return performance.now() - from;
}

it('is played through any process, and goes on when the one that shows it is killed or held up', async () => {
  const url = await server.withTables();
  // Both start at once, with clocks that differ by three seconds.
  members = await Promise.all([startMember(url, content), startMember(url, content, 3_000)]);
  const [first, second] = members as [Member, Member];
  const { say } = createPeople();
  const start = await say(first, 'host', '/quiz start topic:crash questions:2 lobby:0 seconds:600', 'start');
  expect(start.result).toMatchObject({ kind: 'quiz' });
  await until(async () => (await posted(url, 'Question 1 of 2')).length === 1);

  for (const user of ['ana', 'ben']) await say(first, user, '/lang en', `hello-${user}`);
  // An answer counts once, whichever process is told it, and also when it is delivered to both at the same moment.
  const given = await Promise.all([first, second].map((member) => say(member, 'ana', '/answer 4', 'a1')));
  for (const { result } of given) expect(result).toMatchObject({ recorded: expect.anything() });
  expect((await say(second, 'ben', '/answer 5', 'b1')).result).toMatchObject({ recorded: expect.anything() });
  expect((await say(first, 'ben', '/answer 4', 'b2')).result).toMatchObject({ recorded: expect.anything() });
  const [shows] = await workers(url);

  first.signal('SIGKILL');
  const took = await until(async () => (await workers(url))[0]!.worker !== shows!.worker);
  expect(took).toBeLessThan(5_000);
  expect((await say(second, 'host', '/quiz skip', 'skip')).result).toMatchObject({ kind: 'quiz' });
  await until(async () => (await posted(url, 'Answer to question 1')).length === 1);

  // One that is held up past its time finds another in its place, and shows nothing a second time.
  members.push(await startMember(url, content));
  const third = members[2]!;
  const [before] = await workers(url);
  second.signal('SIGSTOP');
  await until(async () => (await workers(url))[0]!.worker !== before!.worker);
  // On a slow machine the answer's time is over by itself.
  await say(third, 'host', '/quiz next', 'next');
  await until(async () => (await posted(url, 'Question 2 of 2')).length === 1);
  second.signal('SIGCONT');
  await until(async () => second.log().includes('held up past its time'));
  expect((await say(second, 'ana', '/answer 4', 'a2')).result).toMatchObject({ recorded: expect.anything() });

  // A process that is stopped leaves its quizzes to the others at once.
  await third.stop();
  expect((await say(second, 'host', '/quiz skip', 'skip2')).result).toMatchObject({ kind: 'quiz' });
  await until(async () => (await posted(url, 'Answer to question 2')).length === 1);
  await say(second, 'host', '/quiz next', 'end');
  await until(async () => (await rowsOf(url, 'select 1 from quizzes where finished_at is not null')).length === 1);

  const events = await rowsOf<{ seq: number; delivery: string | null }>(url, 'select seq::int, delivery from quiz_events order by seq');
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));
  for (const heading of ['Question 1 of 2', 'Answer to question 1', 'Question 2 of 2', 'Answer to question 2', 'Result'])
    expect(await posted(url, heading), heading).toHaveLength(1);
  const scores = await rowsOf(
    url,
    "select name, correct::int, answered::int from score_sums join people using (platform, space, user_id) where room = '' and topic = '' and period = 'all' order by name",
  );
  expect(scores).toEqual([
    { name: 'ana', correct: 2, answered: 2 },
    { name: 'ben', correct: 1, answered: 1 },
  ]);
});

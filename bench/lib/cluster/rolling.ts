import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionId } from '../../../src/core/ids.ts';
import { createRng } from '../../../src/demos/random.ts';
import { copyQuizzes, shown, type Template } from './copies.ts';
import { type Fleet, waitFor } from './fleet.ts';

export interface Rolling {
  quizzes: number;
  seconds: number;
  receipts: number;
  /** Presses that a process which was ending did not answer, and which were made again. */
  again: number;
  lost: number;
  twice: number;
  /** Questions that stand twice in a room. */
  shownTwice: number;
  /** Questions that closed meanwhile. */
  closed: number;
  /** Quizzes that nobody shows at the end. */
  forsaken: number;
  waits: number[];
}

/** Restarts all processes one after the other while quizzes are played: each answer has its own delivery, which is repeated until it has a receipt. */
export async function benchRolling(fleet: Fleet, template: Template, quizzes: number, perSecond: number): Promise<Rolling> {
  const from = Date.now();
  const ids = await copyQuizzes(fleet, template, `roll-${from}`, quizzes, 600, (i) => from + 15_000 + (i * 240_000) / quizzes);
  await waitFor('all quizzes to be shown', async () => (await shown(fleet, ids)) === quizzes);
  const tokens: string[] = [];
  for (let i = 0; i < 20; i++) tokens.push(await tokenFor(fleet, `player${i}`));
  const rng = createRng(3);
  const pick = (count: number) => Math.floor(rng.uniform() * count);
  const found = { receipts: [] as string[], again: 0, waits: [] as number[] };
  let playing = true;

  const press = async (): Promise<void> => {
    // The last ones stay at their first question meanwhile.
    const i = Math.floor(quizzes / 2) + pick(Math.ceil(quizzes / 2));
    const id = randomUUID();
    const body = JSON.stringify({ id, press: actionId('quiz', 'pick', ids[i]!, 0, 0) });
    const token = tokens[pick(tokens.length)]!;
    const begun = performance.now();
    for (;;) {
      const ship = fleet.ships[pick(fleet.ships.length)]!;
      try {
        const response = await fetch(`${ship.url}/api/rooms/roll-${from}-${i}/messages`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
          body,
          signal: AbortSignal.timeout(20_000),
        });
        const { result } = (await response.json()) as { result?: { kind: string; recorded?: unknown; code?: string } };
        if (result?.recorded === undefined) {
          if (/^(database|not-recorded)/.test(result?.code ?? '') || response.status >= 500) throw new Error('again');
          // The question was over.
          return;
        }
        found.receipts.push(id);
        found.waits.push(performance.now() - begun);
        return;
      } catch {
        found.again++;
        await sleep(100);
      }
    }
  };
  const presses: Promise<void>[] = [];
  const player = (async () => {
    const begun = performance.now();
    while (playing) {
      while (presses.length < ((performance.now() - begun) / 1000) * perSecond) presses.push(press());
      await sleep(10);
    }
  })();

  const begun = performance.now();
  await sleep(2_000);
  for (const ship of [...fleet.ships]) {
    await fleet.launch();
    fleet.ships.splice(fleet.ships.indexOf(ship), 1);
    await ship.stop();
    await sleep(1_000);
  }
  await sleep(2_000);
  playing = false;
  await player;
  await Promise.all(presses);
  const seconds = (performance.now() - begun) / 1000;
  await fleet.connected();
  await waitFor(
    'all quizzes to be shown again',
    async () => (await shown(fleet, ids)) + (await over(fleet, ids)) === quizzes,
    30_000,
  ).catch(() => {});
  const counts = await fleet.watched.rows<{ delivery: string; n: number }>(
    'select delivery, count(*)::int as n from quiz_events where quiz_id = any($1) and delivery = any($2) group by delivery',
    [ids, found.receipts],
  );
  const twice = await fleet.watched.rows(
    `select room from web_messages where bot = 1 and room like $1 and body like '%"type":"heading","text":"Question 1 of%' group by room having count(*) > 1`,
    [`roll-${from}-%`],
  );
  const [closed] = await fleet.watched.rows<{ n: number }>(
    `select count(*)::int as n from quiz_events where quiz_id = any($1) and event like '{"type":"deadline"%'`,
    [ids],
  );
  const forsaken = quizzes - (await shown(fleet, ids)) - (await over(fleet, ids));
  await fleet.watched.rows('update quizzes set finished_at = created_at where id = any($1)', [ids]);
  return {
    ...{ quizzes, seconds, receipts: found.receipts.length, again: found.again, waits: found.waits, forsaken },
    lost: found.receipts.length - counts.length,
    twice: counts.filter(({ n }) => n > 1).length,
    shownTwice: twice.length,
    closed: closed!.n,
  };
}

async function over({ watched }: Fleet, ids: readonly string[]): Promise<number> {
  const [row] = await watched.rows<{ n: number }>('select count(*)::int as n from quizzes where id = any($1) and finished_at is not null', [
    ids,
  ]);
  return row!.n;
}

async function tokenFor({ ships }: Fleet, user: string): Promise<string> {
  const response = await fetch(`${ships[0]!.url}/api/tokens`, { method: 'POST', body: JSON.stringify({ user }) });
  return ((await response.json()) as { token: string }).token;
}

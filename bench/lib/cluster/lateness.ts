import { setTimeout as sleep } from 'node:timers/promises';
import { REVEAL_SECONDS } from '../../../src/quiz/create.ts';
import { copyQuizzes, shown, type Template } from './copies.ts';
import { type Fleet, waitFor } from './fleet.ts';
import { histogram } from './histogram.ts';
import { cpuOf, memoryOf, type Work } from './watch.ts';

export interface Lateness {
  open: number;
  /** Milliseconds after its time that each phase ended. */
  late: number[];
  /** Phases that ended while it was measured, a second. */
  perSecond: number;
  /** Seconds until all of them were taken up. */
  taken: number;
  /** Processor of the programs, seconds, and what Postgres did, in that time. */
  cpu: number;
  work: Work;
  memory: number[];
  seconds: number;
}

/** How late the phases of many open quizzes end. @param spread seconds over which the open questions close */
export async function benchLateness(fleet: Fleet, template: Template, open: number, spread: number, seconds: number): Promise<Lateness> {
  // So long it takes to take them up, before the first may close.
  const patience = 20_000 + open * 8;
  const begun = Date.now();
  const first = begun + patience;
  const ids = await copyQuizzes(fleet, template, `late-${begun}`, open, 600, (i) => first + (i * spread * 1000) / open);
  const from = performance.now();
  await waitFor('all quizzes to be shown', async () => (await shown(fleet, ids)) === open, patience * 4);
  const posted = async () =>
    (await fleet.watched.rows<{ n: number }>(`select count(*)::int as n from quiz_posts where key = 'q0' and quiz_id = any($1)`, [ids]))[0]!
      .n;
  await waitFor('all boards', async () => (await posted()) === open, patience * 4);
  const taken = (performance.now() - from) / 1000;
  await sleep(Math.max(0, first - Date.now()));
  const start = Date.now();
  await fleet.watched.work();
  const cpu = () => fleet.ships.reduce((sum, { child }) => sum + cpuOf(child.pid!), 0);
  const before = cpu();
  await sleep(seconds * 1000);
  const spent = cpu() - before;
  const work = await fleet.watched.work();
  const end = Date.now();
  const memory = fleet.ships.map(({ child }) => memoryOf(child.pid!));
  const rows = await fleet.watched.rows<{ event: string; quiz_id: string }>(
    `select quiz_id, event from quiz_events where quiz_id = any($1) and event ~ '^."type":"(posted|deadline)"' order by quiz_id, seq`,
    [ids],
  );
  await fleet.watched.rows('update quizzes set finished_at = created_at where id = any($1)', [ids]);
  const late = latenesses(rows).filter(({ due }) => due >= start && due < end - 2_000);
  return {
    open,
    late: late.map(({ ms }) => ms),
    perSecond: late.length / ((end - 2_000 - start) / 1000),
    taken,
    cpu: spent,
    work,
    memory,
    seconds,
  };
}

/** A question closes its time after its message was noted; the time of its answer ends so long after that. */
function latenesses(rows: readonly { quiz_id: string; event: string }[]): { due: number; ms: number }[] {
  const found: { due: number; ms: number }[] = [];
  let due: number | undefined;
  let quiz = '';
  let asking = false;
  for (const row of rows) {
    const { type, at } = JSON.parse(row.event) as { type: string; at: number };
    if (row.quiz_id !== quiz) due = undefined;
    quiz = row.quiz_id;
    if (type === 'posted') due = at + 600_000;
    else {
      if (due !== undefined) found.push({ due, ms: at - due });
      // After a question its answer; after that the next question, whose time begins when it is posted.
      due = asking ? at + REVEAL_SECONDS * 1000 : undefined;
    }
    asking = type === 'posted';
  }
  return found;
}

export function latenessText({ open, late, perSecond, taken, cpu, work, memory, seconds }: Lateness): string {
  const share = (cpu / seconds).toFixed(2);
  return [
    `${open} open quizzes (taken up in ${taken.toFixed(1)} s), ${perSecond.toFixed(1)} phases end a second; programs ${share} processors, Postgres ${(work.cpu / seconds).toFixed(2)}, ${(work.commits / seconds).toFixed(0)} commits/s; memory ${memory.map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`).join(', ')}`,
    histogram('lateness of deadlines', late, [1, 5, 10, 25, 50, 100, 250, 1000]),
  ].join('\n');
}

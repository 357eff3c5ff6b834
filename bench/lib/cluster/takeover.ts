import { setTimeout as sleep } from 'node:timers/promises';
import { copyQuizzes, shown, type Template } from './copies.ts';
import { type Fleet, waitFor } from './fleet.ts';

/** Kills one process after the other with `kill -9`. @returns for each quiz that it showed, after how long another one did; milliseconds */
export async function benchTakeover(fleet: Fleet, template: Template, open: number, kills: number): Promise<number[]> {
  const later = Date.now() + 3_600_000;
  const ids = await copyQuizzes(fleet, template, `take-${Date.now()}`, open, 7_200, () => later);
  await waitFor('all quizzes to be shown', async () => (await shown(fleet, ids)) === open);
  await sleep(3_000);
  const times: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const victim = await mostBurdened(fleet, ids);
    const mine = (
      await fleet.watched.rows<{ id: string }>('select id from quizzes where id = any($1) and worker = $2', [ids, victim.worker])
    ).map(({ id }) => id);
    const [dead] = fleet.ships.splice(
      fleet.ships.findIndex(({ child }) => child.pid === victim.pid),
      1,
    );
    dead!.signal('SIGKILL');
    const from = performance.now();
    let before = 0;
    await waitFor('the takeover', async () => {
      const now = await shownByOthers(fleet, mine, victim.worker);
      times.push(...Array.from({ length: now - before }, () => performance.now() - from));
      before = now;
      return now === mine.length;
    });
    await fleet.launch();
    await fleet.connected();
  }
  await fleet.watched.rows('update quizzes set finished_at = created_at where id = any($1)', [ids]);
  return times;
}

async function mostBurdened(fleet: Fleet, ids: readonly string[]): Promise<{ worker: string; pid: number }> {
  const [row] = await fleet.watched.rows<{ worker: string; about: string }>(
    `select worker, about from quizzes join processes on processes.id = worker where quizzes.id = any($1) group by 1, 2 order by count(*) desc limit 1`,
    [ids],
  );
  return { worker: row!.worker, pid: (JSON.parse(row!.about) as { pid: number }).pid };
}

async function shownByOthers({ watched }: Fleet, ids: readonly string[], worker: string): Promise<number> {
  const [row] = await watched.rows<{ n: number }>('select count(*)::int as n from quizzes where id = any($1) and worker <> $2', [
    ids,
    worker,
  ]);
  return row!.n;
}

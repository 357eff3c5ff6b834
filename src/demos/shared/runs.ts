import type { Logger } from 'pino';
import type { Cluster } from '../../cluster/create.ts';
import { ALIVE_FOR } from '../../cluster/presence.ts';
import { UserError } from '../../core/errors.ts';
import type { QueueLimits } from '../fairness.ts';
import { restoreOutcome } from '../restore.ts';
import { partsOf, type Runs } from '../runs.ts';
import type { RunOptions } from '../service.ts';
import type { RunReport } from '../worker.ts';
import type { Asking } from './asking.ts';
import { type Ending, keyOf, type LabTask, ownerHash } from './ledger.ts';
import type { News } from './news.ts';
import type { SetAside } from './set-aside.ts';
import type { Working } from './working.ts';

/** Where others' runs begin and end, places are looked up at most this often. Milliseconds. */
const LOOK_EVERY = 250;
/** With no process of role lab for so long, those who wait are told. Milliseconds. */
const LAB_AWAY = 60_000;
/** Signs of life between two counts of what was put aside. */
const COUNT_DEAD_EVERY = 5;

/** Who waits for a run in this process. */
interface Waiter {
  key: string;
  options: Pick<RunOptions, 'onProgress'>;
  place: number | undefined;
  settle(ending: Ending): void;
  /** Its row is gone, because the process was thought dead. */
  again(): void;
}

export interface SharedRuns extends Runs {
  /** The same for any task. */
  ask(task: LabTask, options: RunOptions): Promise<RunReport & { cached: boolean }>;
}

export interface SharedRunsOptions {
  asking: Asking;
  working: Pick<Working, 'takeOver'>;
  setAside: SetAside;
  cluster: Pick<Cluster, 'id' | 'alive' | 'listen' | 'onGap' | 'onBeat' | 'onLost'>;
  log: Logger;
  /** Of each process of role lab; owners have the same everywhere. */
  limits: QueueLimits;
}

/** Asks for runs that any process of role lab computes, and waits for them. */
export function createSharedRuns({ asking, working, setAside, cluster, log, limits }: SharedRunsOptions): SharedRuns {
  const waiters = new Map<string, Waiter>();
  let figures = { running: 0, queued: 0, dead: 0 };
  let labs = 1;
  let labSeen = performance.now();
  let renamed = false;
  let patientUntil = 0;
  let beats = 0;
  let dead = 0;
  let closed = false;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const ids = [...waiters.keys()];
    if (ids.length === 0) return;
    const rows = new Map((await asking.look(ids)).map((row) => [row.id, row]));
    const over: string[] = [];
    for (const id of ids) {
      const waiter = waiters.get(id);
      const row = rows.get(id);
      if (!waiter) continue;
      if (row && row.outcome === null) {
        if (row.place !== null && row.place !== waiter.place) {
          waiter.place = row.place;
          waiter.options.onProgress?.({ place: row.place, fraction: 0 });
        }
        continue;
      }
      waiters.delete(id);
      if (!row) waiter.again();
      else {
        over.push(id);
        waiter.settle(JSON.parse(row.outcome!) as Ending);
      }
    }
    if (over.length > 0) await asking.forget(over);
  };
  const lookNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // What cannot be read now can be with the next sign of life.
    looking = (looking ?? Promise.resolve()).then(look).catch((error: unknown) => log.debug({ err: error }, 'runs could not be looked up'));
  };
  const lookSoon = (): void => {
    timer ??= setTimeout(lookNow, LOOK_EVERY);
  };

  cluster.listen('lab', (text) => {
    const news = JSON.parse(text) as News;
    if (waiters.size === 0) return;
    if (news.about === 'queue') return lookSoon();
    const mine = [...waiters.values()].filter(({ key }) => key === news.key);
    if (news.about === 'end') return mine.length > 0 ? lookNow() : lookSoon();
    for (const waiter of mine) {
      waiter.place = 0;
      waiter.options.onProgress?.({ place: 0, fraction: news.fraction });
    }
    if (news.fraction === 0) lookSoon();
  });
  cluster.onGap(lookNow);
  cluster.onLost(() => {
    renamed = true;
    // Where the database was away, all were thought dead, and come back one after another.
    patientUntil = performance.now() + ALIVE_FOR;
  });
  cluster.onBeat(async () => {
    if (renamed) await asking.rename([...waiters.keys()], cluster.id());
    renamed = false;
    if (performance.now() > patientUntil) await working.takeOver((what) => log.warn(what, 'a run was given up'));
    if (beats++ % COUNT_DEAD_EVERY === 0) dead = (await setAside.dead()).length;
    const [status, alive] = await Promise.all([asking.status(), cluster.alive()]);
    figures = { ...status, dead };
    labs = alive.filter(({ roles }) => roles.includes('lab')).length;
    if (labs > 0) labSeen = performance.now();
    else if (performance.now() - labSeen > LAB_AWAY) await sendAway();
    lookNow();
  });

  /** Nobody is there who would compute them. */
  const sendAway = async (): Promise<void> => {
    const left = [...waiters];
    for (const [id, waiter] of left) {
      await asking.cancel({ id });
      waiters.delete(id);
      waiter.settle({ stored: false, code: 'lab-away', params: {} });
    }
    await asking.forget(left.map(([id]) => id)).catch(() => {});
  };

  const resultOf = async (key: string): Promise<RunReport | undefined> => {
    const report = await asking.result(key);
    return report && { ...report, outcome: restoreOutcome(report.outcome) };
  };

  /** What became of the run; waits as long as it takes. */
  const wait = async (task: LabTask, { owner, signal, onProgress }: RunOptions): Promise<Ending> => {
    const bound = { ...limits, queued: limits.queued * Math.max(1, labs) };
    const key = keyOf(task);
    for (;;) {
      if (closed || signal?.aborted) throw new UserError('run-cancelled');
      const id = await asking.ask(task, ownerHash(owner), cluster.id(), bound);
      // Stopped meanwhile: nobody looks what becomes of it any more.
      if (closed) {
        await asking.cancel({ id }).then(
          () => asking.forget([id]),
          () => {},
        );
        throw new UserError('run-cancelled');
      }
      const ending = await new Promise<Ending | 'again'>((resolve, reject) => {
        const abort = () => void asking.cancel({ id }).then(lookNow, reject);
        const done = (what: Ending | 'again') => {
          signal?.removeEventListener('abort', abort);
          resolve(what);
        };
        waiters.set(id, {
          key,
          options: { ...(onProgress && { onProgress }) },
          place: undefined,
          settle: done,
          again: () => done('again'),
        });
        signal?.addEventListener('abort', abort);
        if (signal?.aborted) abort();
        lookNow();
      });
      if (ending !== 'again') return ending;
      if (closed) return { stored: false, code: 'run-cancelled', params: {} };
    }
  };

  const ask: SharedRuns['ask'] = async (task, options) => {
    const key = keyOf(task);
    const stored = await resultOf(key);
    if (stored) return { ...stored, cached: true };
    for (;;) {
      const ending = await wait(task, options);
      if (!ending.stored) throw new UserError(ending.code, ending.params);
      const report = await resultOf(key);
      // It may have been thrown away meanwhile, to make room.
      if (report) return { ...report, cached: false };
    }
  };

  return {
    ask,
    run: ({ demo, params, seed }, options) =>
      ask({ demo: demo.name, version: demo.version, params, seed, parts: partsOf(demo), seconds: demo.deadline / 1000 }, options),
    async cancel(owner) {
      const count = await asking.cancel({ owner: ownerHash(owner) });
      lookNow();
      return count;
    },
    status: () => figures,
    dead: setAside.dead,
    settleDead: (id, how) => (how === 'retry' ? setAside.retryDead(id) : setAside.deleteDead(id)),
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
      const left = [...waiters];
      waiters.clear();
      for (const [id, waiter] of left) {
        await asking.cancel({ id }).catch(() => {});
        waiter.settle({ stored: false, code: 'run-cancelled', params: {} });
      }
      if (left.length > 0) await asking.forget(left.map(([id]) => id)).catch(() => {});
    },
  };
}

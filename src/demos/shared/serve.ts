import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Cluster } from '../../cluster/create.ts';
import { UserError } from '../../core/errors.ts';
import type { RunReport } from '../worker.ts';
import type { Asking } from './asking.ts';
import type { Claim, LabTask } from './ledger.ts';
import type { News } from './news.ts';
import type { Working } from './working.ts';

/** Progress is told to other processes at most this often. Milliseconds. */
const TELL_EVERY = 500;
/** A result that cannot be stored is tried again after this. Milliseconds. */
const AGAIN = 500;
/** Between two looks whether there is too much. */
const PRUNE_EVERY = 50;

export interface ServeOptions {
  working: Working;
  asking: Pick<Asking, 'prune'>;
  cluster: Pick<Cluster, 'id' | 'tell' | 'listen' | 'onGap' | 'onBeat'>;
  log: Logger;
  /** Runs at a time. */
  atOnce: number;
  /** @throws UserError; `worker-died` is tried again */
  execute(task: LabTask, signal: AbortSignal, onFraction: (fraction: number) => void): Promise<RunReport>;
}

/** Takes runs from the queue that processes share, as long as workers are free. @returns stops, and hands back what runs */
export function serveRuns({ working, asking, cluster, log, atOnce, execute }: ServeOptions): { stop(): Promise<void> } {
  const running = new Map<Claim, { cancel: AbortController; ended: Promise<void> }>();
  let stopped = false;
  let pumping = false;
  let more = false;
  let stored = 0;

  /** A run that was given up before may be what brings processes down: nothing more is begun beside it. */
  const suspect = () => [...running.keys()].some(({ attempt }) => attempt > 0);

  const pump = async (): Promise<void> => {
    more = true;
    if (pumping) return;
    pumping = true;
    try {
      while (more && !stopped) {
        more = false;
        while (!stopped && running.size < atOnce && !suspect()) {
          const claim = await working.claim(cluster.id());
          if (!claim) break;
          begin(claim);
        }
      }
    } catch (error) {
      log.debug({ err: error }, 'no run could be taken from the queue');
    } finally {
      pumping = false;
    }
  };

  const begin = (claim: Claim): void => {
    const cancel = new AbortController();
    const ended = compute(claim, cancel.signal).finally(() => {
      running.delete(claim);
      void pump();
    });
    running.set(claim, { cancel, ended });
  };

  const compute = async (claim: Claim, signal: AbortSignal): Promise<void> => {
    let told = 0;
    const onFraction = (fraction: number): void => {
      const now = performance.now();
      if (signal.aborted || fraction <= 0 || now - told < TELL_EVERY) return;
      told = now;
      const news: News = { about: 'run', key: claim.key, fraction };
      cluster.tell('lab', JSON.stringify(news)).catch(() => {});
    };
    let conclude: () => Promise<unknown>;
    try {
      const report = await execute(claim.task, signal, onFraction);
      conclude = () => working.finish(claim, report);
      if (++stored % PRUNE_EVERY === 0) asking.prune().catch(() => {});
    } catch (error) {
      if (signal.aborted) return;
      const told = error instanceof UserError ? error : new UserError('run-failed', { demo: claim.task.demo });
      if (told.code === 'worker-died') conclude = () => working.retry(claim, 'worker-died');
      else conclude = () => working.fail(claim, told);
    }
    // The database may be away; what was computed is worth waiting for.
    while (!signal.aborted) {
      try {
        await conclude();
        return;
      } catch (error) {
        log.warn({ err: error, demo: claim.task.demo }, 'what became of a run cannot be stored at present');
        await sleep(AGAIN, undefined, { signal }).catch(() => {});
      }
    }
  };

  /** Ends what nobody wants any more, and what another process has taken over. */
  const check = async (): Promise<void> => {
    const claims = [...running.keys()];
    if (claims.length === 0) return;
    const still = await working.still(claims);
    for (const claim of claims) if (!still.has(claim)) running.get(claim)?.cancel.abort();
  };

  cluster.listen('lab', (text) => {
    const news = JSON.parse(text) as News;
    if (news.about === 'queue') void pump();
    if (news.about === 'end' && [...running.keys()].some(({ key }) => key === news.key)) void check().catch(() => {});
  });
  cluster.onGap(() => void pump());
  cluster.onBeat(async () => {
    await working.own([...running.keys()], cluster.id());
    await check();
    await pump();
  });
  void pump();

  return {
    async stop() {
      stopped = true;
      const left = [...running];
      for (const [, { cancel }] of left) cancel.abort();
      await Promise.all(
        left.map(async ([claim, { ended }]) => {
          await ended;
          await working.handBack(claim).catch((error: unknown) => log.warn({ err: error }, 'a run could not be handed back'));
        }),
      );
    },
  };
}

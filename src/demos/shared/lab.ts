import type { Logger } from 'pino';
import type { Cluster } from '../../cluster/create.ts';
import { demos } from '../../experiments/index.ts';
import type { PostgresStore } from '../../store/database.ts';
import { createBoss } from '../../store/postgres/queue.ts';
import type { Demo } from '../demo.ts';
import type { QueueLimits } from '../fairness.ts';
import type { RunReport } from '../worker.ts';
import { createAsking } from './asking.ts';
import { createLedger, type LabTask } from './ledger.ts';
import { createSharedRuns, type SharedRuns } from './runs.ts';
import { serveRuns } from './serve.ts';
import { createSetAside } from './set-aside.ts';
import { createWorking } from './working.ts';

/** Experiments of processes that share a Postgres: any asks, those of role lab compute. */
export interface SharedLab {
  runs: SharedRuns;
  /** Takes runs from the queue, from now on. */
  serve(atOnce: number, execute: Execute): Promise<void>;
  /** What computed last; `otherwise` where nothing has been yet. */
  backend(otherwise: string): Promise<string>;
  close(): Promise<void>;
}

type Execute = (demo: Demo, task: LabTask, signal: AbortSignal, onFraction: (fraction: number) => void) => Promise<RunReport>;

export interface SharedLabOptions {
  store: PostgresStore;
  cluster: Cluster;
  log: Logger;
  limits: QueueLimits;
  /** Whether this process keeps the queue's tables in order. */
  supervise: boolean;
}

export async function openSharedLab({ store, cluster, log, limits, supervise }: SharedLabOptions): Promise<SharedLab> {
  const boss = createBoss(store.pool, { supervise });
  boss.on('error', (error) => log.debug({ err: error }, 'the queue'));
  await boss.start();
  const ledger = createLedger(store, boss);
  const asking = createAsking(ledger);
  const working = createWorking(ledger);
  const runs = createSharedRuns({ asking, working, setAside: createSetAside(ledger), cluster, log, limits });
  let serving: ReturnType<typeof serveRuns> | undefined;
  return {
    runs,
    async serve(atOnce, execute) {
      serving ??= serveRuns({
        working,
        asking,
        cluster,
        log,
        atOnce,
        execute(task, signal, onFraction) {
          const demo = demos.find(({ name, version }) => name === task.demo && version === task.version);
          // Another version of the program asked for it.
          if (!demo) throw new Error(`${task.demo} ${task.version} is not known here`);
          return execute(demo, task, signal, onFraction);
        },
      });
    },
    async backend(otherwise) {
      const newest = await store.db.selectFrom('lab.results').select('report').orderBy('used_at', 'desc').limit(1).executeTakeFirst();
      return newest ? (JSON.parse(newest.report) as RunReport).backend : otherwise;
    },
    async close() {
      await serving?.stop();
      await boss.stop({ graceful: false, close: false });
    },
  };
}

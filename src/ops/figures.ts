import type { Platform } from '../core/request.ts';
import type { Services } from '../services.ts';
import type { HostMetrics } from './metrics.ts';

interface Others {
  platforms: () => Partial<Record<Platform, { connected: boolean }>>;
  /** When the newest backup was made, in milliseconds since the epoch; without it the host makes them elsewhere. */
  newestBackup?: (() => number | undefined) | undefined;
}

/** What is read when Prometheus asks: how much is under way, and how everything stands. */
export function watchFigures(metrics: HostMetrics, services: Services, { platforms, newestBackup }: Others): void {
  const { demos, store, trouble, notes } = services;
  metrics.watchProcess();
  const count = async (rows: Promise<{ n: number | bigint | string }>) => Number((await rows).n);
  metrics.watch('platform_connected', 'Whether each platform that is set up is connected (1) or not (0)', platformsUp, 'platform');
  metrics.watch('runs_running', 'Experiments that run', () => demos.status().running);
  metrics.watch('runs_queued', 'Experiments that wait for their turn', () => demos.status().queued);
  metrics.watch(
    'runs_dead',
    'Runs that brought down every process that tried and wait for the host; at most 100',
    () => demos.status().dead,
  );
  metrics.watch('quizzes_open', 'Quizzes that are under way', () =>
    count(
      store.db
        .selectFrom('quizzes')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('finished_at', 'is', null)
        .executeTakeFirstOrThrow(),
    ),
  );
  metrics.watch('database_trouble', 'Whether the database cannot be written at present', () => (trouble.state() ? 1 : 0));
  metrics.watch('topics', 'Topics that were read', () => notes.content().topics.size);
  metrics.watch('content_problems', 'Faults found in the notes while they were read', () => notes.problems().length);
  // A figure that stays at 0 would raise the alarm for ever.
  if (newestBackup)
    metrics.watch('backup_newest_seconds', 'Time of the newest backup, in seconds since the epoch; 0 for none', () =>
      Math.floor((newestBackup() ?? 0) / 1000),
    );

  function platformsUp() {
    return Object.fromEntries(Object.entries(platforms()).map(([platform, state]) => [platform, state.connected ? 1 : 0]));
  }
}

import { registry } from '../commands/index.ts';
import type { Adapter } from './adapters/adapter.ts';
import { followPlatforms } from './adapters/health.ts';
import { readConfig } from './config.ts';
import { createDispatch } from './core/dispatch.ts';
import { createServices } from './create-services.ts';
import { type Backups, createBackups } from './ops/backups.ts';
import { watchFigures } from './ops/figures.ts';
import { type HealthServer, serveHealth } from './ops/health-server.ts';
import { createMetrics } from './ops/metrics.ts';
import { readinessOf } from './ops/readiness.ts';
import { type MetricsServer, serveMetrics } from './ops/serve.ts';
import { standing } from './ops/standing.ts';
import { tidyAfterStart } from './ops/tidy.ts';
import { startParts } from './parts.ts';
import type { Services } from './services.ts';
import { onStop } from './signals.ts';
import { explainStartError, wrongNode } from './start-errors.ts';
import { type Hold, holdDatabase } from './store/hold.ts';

/** A stop takes at most this long; then the process leaves anyway, since everything that counts is in the file. */
const STOP_WITHIN = 9_000;

async function main(): Promise<void> {
  // What a person reads at the start may stand in a file, on a disk that is full.
  process.stderr.on('error', () => undefined);
  const wrong = wrongNode();
  if (wrong) {
    process.stderr.write(`${wrong}\n`);
    process.exitCode = 1;
    return;
  }
  const config = readConfig(process.env);
  // Before the database is opened, which may change its tables.
  // A Postgres is made for many.
  const hold = config.databaseUrl === undefined ? holdDatabase(config.databaseFile, 'npm start', Date.now()) : { release: () => undefined };
  const metrics = createMetrics();
  const services = await createServices({ config, registry, metrics });
  const { every, ...where } = config.backups;
  // Of a Postgres its host makes them (docs/scale.md).
  const backups = every === null || services.store.kind === 'postgres' ? undefined : createBackups(services, { every, ...where });
  const program: Program = { services, adapters: [], hold, backups };
  const platforms = followPlatforms(services, () => program.adapters);
  onStop(() => void stop(program));
  try {
    if (config.metrics.port !== undefined) {
      watchFigures(metrics, services, { platforms, newestBackup: backups?.newest });
      program.figures = await serveMetrics(metrics, { host: config.metrics.host, port: config.metrics.port });
    }
    if (!config.roles.has('web')) {
      program.health = await serveHealth(() => readinessOf(services, platforms), config);
      process.stderr.write(`\n  Health: ${program.health.url}/readyz\n`);
    }
    await startParts(services, createDispatch(registry, services), program.adapters);
    backups?.start();
    process.stderr.write(standing(services, platforms()));
    tidyAfterStart();
  } catch (error) {
    await stop(program);
    throw error;
  }
}

/** Everything that has to be ended. */
interface Program {
  services: Services;
  adapters: Adapter[];
  hold: Hold;
  backups: Backups | undefined;
  figures?: MetricsServer;
  /** In a process without the playground. */
  health?: HealthServer;
}

async function stop({ services, adapters, hold, backups, figures, health }: Program): Promise<void> {
  const deadline = setTimeout(() => process.exit(process.exitCode ?? 0), STOP_WITHIN);
  deadline.unref();
  services.log.info('stopping');
  // First no new work, then what runs, then the files.
  await Promise.allSettled([...adapters.map((adapter) => adapter.close()), figures?.close(), health?.close(), backups?.stop()]);
  await services.close();
  hold.release();
}

main().catch(explainStartError);

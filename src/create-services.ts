import { randomInt } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { PinoPretty as pretty } from 'pino-pretty';
import { createSharedChanges } from './cluster/changes.ts';
import { type Cluster, createCluster } from './cluster/create.ts';
import { createDeliveries } from './cluster/deliveries.ts';
import type { Config } from './config.ts';
import { type Clock, createSystemClock, systemClock } from './core/clock.ts';
import type { Registry } from './core/command.ts';
import { loadStrings } from './core/i18n.ts';
import { createLimits } from './core/limits.ts';
import { createOutbox } from './core/outbox.ts';
import { createTrouble } from './core/trouble.ts';
import { createDemos, type LabOptions } from './demos/create.ts';
import { LIMITS } from './demos/fairness.ts';
import { MAX_SEED } from './demos/params.ts';
import { createPredictions } from './demos/predictions/create.ts';
import { createGaps } from './gaps/create.ts';
import { createLearning } from './learn/create.ts';
import { createLinks } from './learn/link/create.ts';
import type { Person } from './learn/service.ts';
import { createConversations } from './notes/conversations.ts';
import { createNotes } from './notes/create.ts';
import { createMetrics, type HostMetrics } from './ops/metrics.ts';
import { createOwnNotes } from './own-notes/create.ts';
import { createQuizServices } from './quiz/create.ts';
import type { Services } from './services.ts';
import type { Store } from './store/database.ts';
import { openConfigured } from './store/open.ts';
import { createSettings } from './store/settings.ts';
import { createSpaces } from './store/spaces.ts';
import { createThreads } from './store/threads.ts';
import { createUnderWay } from './store/under-way.ts';

export interface ServiceOptions {
  config: Config;
  registry: Registry;
  /** Tests pass their own. */
  log?: Logger;
  clock?: Clock;
  freshSeed?: () => number;
  lab?: Pick<LabOptions, 'runtime'>;
  metrics?: HostMetrics;
  /** How long this process counts as alive without a sign of life, where several share a database. Milliseconds. */
  aliveFor?: number;
}

/** Characters of the log that wait for room on a full disk; what is logged beyond them is lost. */
const UNWRITTEN = 1 << 20;

/** Logs go to standard error, so that `chat --json` keeps standard output for replies. Tokens are never logged. */
export function createLog(level: Config['logLevel']): Logger {
  const redact = ['token', '*.token', '*.botToken', '*.appToken', '*.signingSecret', '*.clientSecret', '*.authorization'];
  // For people at a terminal, for programs in a pipe.
  if (process.stderr.isTTY)
    return pino({ level, redact, base: null }, pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', singleLine: true }));
  const stream = pino.destination({ fd: 2, sync: true, maxLength: UNWRITTEN });
  // What cannot be written, to a full disk for one, is written with a later line; whoever asks is answered all the same.
  stream.on('error', () => undefined);
  return pino({ level, redact, base: null }, stream);
}

/** The queue of experiments that processes share; who stays with a file need not load it. */
async function openShared(store: Store, cluster: Cluster | undefined, { config, log }: Pick<Services, 'config' | 'log'>) {
  if (store.kind !== 'postgres' || !cluster) return undefined;
  const { openSharedLab } = await import('./demos/shared/lab.ts');
  return openSharedLab({ store, cluster, log, limits: LIMITS, supervise: config.roles.has('lab') });
}

/**
 * Opens everything that a command may use.
 * @throws StoreError, or an Error that names the content problem, when something cannot be opened.
 */
export async function createServices(options: ServiceOptions): Promise<Services> {
  const { config, registry } = options;
  const log = options.log ?? createLog(config.logLevel);
  let clock = options.clock ?? systemClock;
  const freshSeed = options.freshSeed ?? (() => randomInt(1, MAX_SEED));
  const metrics = options.metrics ?? createMetrics();
  const trouble = createTrouble(() => clock.now(), {
    began: (code, error) => log.error({ err: error, trouble: code, database: store.name }, 'the database cannot be written at present'),
    ended: (code, seconds) => log.info({ trouble: code, seconds }, 'the database can be written again'),
  });
  const store: Store = await openConfigured(config, {
    backups: config.backups.dir,
    onBroken: (error) => log.warn({ err: error }, 'a connection to the database broke'),
    onCommit(ms) {
      metrics.committed(ms / 1000);
      trouble.recovered();
    },
  });
  const cluster = await createCluster(store, config.roles, log, options.aliveFor);
  await cluster?.start();
  // Deadlines are the database's time, which is the same for all processes.
  if (cluster && !options.clock) clock = createSystemClock(() => Date.now() + cluster.skew());
  cluster?.onBeat(async () => trouble.recovered());
  const notes = await createNotes({ config, log });
  const demos = createDemos({ config, log, shared: await openShared(store, cluster, { config, log }), ...options.lab });
  const i18n = loadStrings();
  const outbox = createOutbox();
  const settings = createSettings(store.db, clock);
  const changes = createSharedChanges<Person>(cluster);
  const ownNotes = createOwnNotes({ store, clock, log, notes });
  const shared = {
    config,
    log,
    registry,
    clock,
    freshSeed,
    i18n,
    metrics,
    trouble,
    limits: createLimits(clock),
    changes,
    outbox,
    store,
    cluster,
    deliveries: createDeliveries(store, cluster),
    settings,
    spaces: createSpaces(store.db, clock, log),
    underWay: createUnderWay(store.db, clock, cluster),
    threads: createThreads(store.db, clock),
    notes,
    ownNotes,
    gaps: createGaps({ store, clock, log, outbox, i18n, settings, config, ownNotes, changes }),
    conversations: createConversations(clock),
    demos,
  };
  const base = { ...shared, learning: createLearning(shared), links: createLinks(shared), predictions: createPredictions(shared) };
  const quizServices = createQuizServices(base);
  const services: Services = {
    ...base,
    ...quizServices,
    within: (space) => ({ ...services, notes: { ...notes, ...base.ownNotes.of(space) } }),
    async resume() {
      await quizServices.quiz.resume();
      await base.predictions.resume();
    },
    async close() {
      await base.learning.reminders.stop();
      await base.gaps.digest.stop();
      await quizServices.timetable.stop();
      await quizServices.quiz.close();
      // A prediction may wait for a run, which ends with the workers.
      const predictions = base.predictions.close();
      // What it computes for others is handed back as long as it counts as alive.
      await demos.close();
      await predictions;
      await cluster?.stop();
      base.spaces.stop();
      base.ownNotes.close();
      notes.close();
      await store.close();
    },
  };
  return services;
}

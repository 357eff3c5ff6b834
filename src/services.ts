import type { Logger } from 'pino';
import type { Cluster } from './cluster/create.ts';
import type { Deliveries } from './cluster/deliveries.ts';
import type { Config } from './config.ts';
import type { Changes } from './core/changes.ts';
import type { Clock } from './core/clock.ts';
import type { Registry } from './core/command.ts';
import type { I18n } from './core/i18n.ts';
import type { Limits } from './core/limits.ts';
import type { Metrics } from './core/metrics.ts';
import type { Outbox } from './core/outbox.ts';
import type { Trouble } from './core/trouble.ts';
import type { Predictions } from './demos/predictions/service.ts';
import type { Demos } from './demos/service.ts';
import type { Gaps } from './gaps/service.ts';
import type { Links } from './learn/link/service.ts';
import type { Learning, Person } from './learn/service.ts';
import type { Conversations } from './notes/conversations.ts';
import type { Notes } from './notes/service.ts';
import type { OwnNotes, Space } from './own-notes/service.ts';
import type { QuizServices } from './quiz/service.ts';
import type { Store } from './store/database.ts';
import type { Settings } from './store/settings.ts';
import type { Spaces } from './store/spaces.ts';
import type { Threads } from './store/threads.ts';
import type { UnderWay } from './store/under-way.ts';

/** Everything a command may use. Built once in create-services.ts; tests build the same over temporary files. */
export interface Services extends QuizServices {
  config: Config;
  log: Logger;
  /** For help, completion and platform registration. */
  registry: Registry;
  clock: Clock;
  /** A fresh seed for a run that named none; tests pass a seeded one. */
  freshSeed: () => number;
  i18n: I18n;
  limits: Limits;
  /** What is counted for the host. */
  metrics: Metrics;
  /** Whether the database can be written. */
  trouble: Trouble;
  outbox: Outbox;
  store: Store;
  /** The other processes, where several share a Postgres. */
  cluster: Cluster | undefined;
  /** What platforms have told us of, once each. */
  deliveries: Deliveries;
  settings: Settings;
  spaces: Spaces;
  underWay: UnderWay;
  threads: Threads;
  /** The notes as the place sees them, within a place; else what ships, for everyone alike. */
  notes: Notes;
  ownNotes: OwnNotes;
  gaps: Gaps;
  conversations: Conversations;
  demos: Demos;
  predictions: Predictions;
  learning: Learning;
  links: Links;
  /** Accounts that are somebody else from now on: linked, or forgotten. */
  changes: Changes<Person>;
  /** The same with the notes as a space sees them: commands run within the space that they were sent from. */
  within(space: Space): Services;
  /** Goes on with the quizzes and predictions that were open when the process stopped. Called once an adapter is connected. */
  resume(): Promise<void>;
  /** Stops taking work, finishes or persists what runs, closes files. */
  close(): Promise<void>;
}

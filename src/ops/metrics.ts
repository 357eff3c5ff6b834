import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../core/metrics.ts';

/** Seconds; a reply is wanted within 3 on Slack and Discord, a commit within some milliseconds. */
const REPLY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10, 60];
const COMMIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2];
const LATE_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30];

export interface HostMetrics extends Metrics {
  /** Node's own figures too (memory, event loop): observers that only a host who looks needs. */
  watchProcess(): void;
  /** Names of all figures, as Prometheus will know them. */
  names(): string[];
  /** The text that Prometheus reads, and its media type. */
  expose(): Promise<{ type: string; text: string }>;
  /** A figure that is read when somebody asks; one value a label. @param label name of the label, where there are several values. */
  watch(name: string, help: string, read: () => Promise<Figures> | Figures, label?: string): void;
}

/** One figure, or one for each value of the label. */
export type Figures = number | Readonly<Record<string, number>>;

/** Metrics of this process in Prometheus' format, under names that begin with `tutor_`. */
export function createMetrics(): HostMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'tutor_requests_total',
    help: 'Requests by platform, command and how they ended',
    labelNames: ['platform', 'command', 'outcome'],
    registers,
  });
  const replies = new Histogram({
    name: 'tutor_reply_seconds',
    help: 'Time from a request to its reply',
    labelNames: ['platform'],
    buckets: REPLY_BUCKETS,
    registers,
  });
  const commits = new Histogram({
    name: 'tutor_commit_seconds',
    help: 'Time of a commit of the database',
    buckets: COMMIT_BUCKETS,
    registers,
  });
  const lateness = new Histogram({
    name: 'tutor_quiz_lateness_seconds',
    help: 'How long after its time the end of a phase of a quiz was noticed',
    buckets: LATE_BUCKETS,
    registers,
  });
  const retries = new Counter({
    name: 'tutor_outbox_retries_total',
    help: 'Messages of quizzes that were tried again',
    labelNames: ['platform'],
    registers,
  });
  return {
    handled(platform, command, outcome, seconds) {
      requests.inc({ platform, command, outcome });
      replies.observe({ platform }, seconds);
    },
    committed: (seconds) => commits.observe(seconds),
    late: (seconds) => lateness.observe(seconds),
    retried: (platform) => retries.inc({ platform }),
    watch(name, help, read, label) {
      new Gauge({
        name: `tutor_${name}`,
        help,
        ...(label && { labelNames: [label] }),
        registers,
        async collect() {
          const figures = await read();
          this.reset();
          if (typeof figures === 'number') this.set(figures);
          else if (label) for (const [value, figure] of Object.entries(figures)) this.set({ [label]: value }, figure);
        },
      });
    },
    watchProcess: () => collectDefaultMetrics({ register: registry }),
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
    expose: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}

import { SERVERS_A_PROCESS } from '../../../src/adapters/discord/sharding.ts';
import { REVEAL_SECONDS } from '../../../src/quiz/create.ts';

/** What one run has measured; what the reckoning is made of. */
export interface Figures {
  measured: string;
  load: number;
  processors: number;
  /** At a steady rate, one transaction or less an answer. µs of processor, transactions that wrote, bytes of log. */
  answer: { cpu: number; postgresCpu: number; commits: number; wal: number };
  /** The end of a phase: stored, shown, the next timer set. µs of processor and transactions that wrote, all that runs beside it included. */
  phase: { cpu: number; postgresCpu: number; commits: number };
  /** Bytes of a process that has just started, and more for each open quiz that it shows. */
  memory: { process: number; quiz: number };
}

/** What cannot be measured here and has to be supposed, each with its number. */
export const ASSUMED = {
  playing: { value: 0.02, what: 'of all servers play a quiz at the same time, at the busiest hour' },
  players: { value: 10, what: 'answers to each question' },
  questionSeconds: { value: 30, what: 'seconds that a question is open (its answer is shown for the usual time)' },
  requests: { value: 1, what: 'other requests (explain, ask, search …) a server in the busiest hour' },
  requestCpu: { value: 20_000, what: 'µs of processor for such a request' },
  busy: { value: 0.5, what: 'of a processor is used at the busiest hour; the rest is reserve' },
  shardServers: { value: 1_000, what: 'servers a shard, as Discord recommends' },
  concurrency: { value: 16, what: 'shards that may identify in 5 s (Discord gives 16 to large bots)' },
  connections: { value: 10, what: 'connections to Postgres a process, and one to listen' },
} as const;

/** @returns for so many servers what is needed, by name */
export function reckon(figures: Figures, servers: number): Record<string, number> {
  const of = (name: keyof typeof ASSUMED) => ASSUMED[name].value;
  const quizzes = servers * of('playing');
  const cycle = of('questionSeconds') + REVEAL_SECONDS;
  const answers = (quizzes * of('players')) / cycle;
  const phases = (quizzes * 2) / cycle;
  const cpu = (answers * figures.answer.cpu + phases * figures.phase.cpu + ((servers * of('requests')) / 3600) * of('requestCpu')) / 1e6;
  const shards = Math.ceil(servers / of('shardServers'));
  const processes = Math.max(1, Math.ceil(servers / SERVERS_A_PROCESS), Math.ceil(cpu / of('busy')));
  return {
    'open quizzes': quizzes,
    'answers/s': answers,
    'phases that end/s': phases,
    'processors for the programs': cpu,
    'processes (for 10,000 servers, or half a processor)': processes,
    'servers a process': servers / processes,
    shards,
    'seconds until all shards have identified': Math.ceil(shards / of('concurrency')) * 5,
    'commits/s': answers * figures.answer.commits + phases * figures.phase.commits,
    'log of Postgres, MB/s': (answers * figures.answer.wal) / 2 ** 20,
    'processors for Postgres': (answers * figures.answer.postgresCpu + phases * figures.phase.postgresCpu) / 1e6,
    connections: processes * (of('connections') + 1),
    'memory of the programs, GB': (processes * figures.memory.process + quizzes * figures.memory.quiz) / 2 ** 30,
  };
}

const SIZES = [1_000, 10_000, 100_000];

/** The reckoning as tables of Markdown: as docs/scale.md has it. */
export function reckoning(figures: Figures): string {
  const { answer, phase, memory } = figures;
  const line = (...cells: string[]) => `| ${cells.join(' | ')} |`;
  const columns = SIZES.map((servers) => reckon(figures, servers));
  const round = (n: number) => (n >= 100 ? Math.round(n) : Number(n.toPrecision(2))).toLocaleString('en');
  const µs = (n: number) => `${round(n)} µs`;
  return [
    line(
      `measured (${figures.measured}, ${figures.processors} processors, load ${figures.load.toFixed(1)})`,
      'programs',
      'Postgres',
      'commits',
    ),
    line('---', '---:', '---:', '---:'),
    line(
      'an answer, at a steady rate',
      µs(answer.cpu),
      µs(answer.postgresCpu),
      `${answer.commits.toFixed(2)}, ${round(answer.wal)} bytes of log`,
    ),
    line('the end of a phase', µs(phase.cpu), µs(phase.postgresCpu), phase.commits.toFixed(2)),
    line('memory', `${round(memory.process / 2 ** 20)} MB a process, ${round(memory.quiz / 2 ** 10)} kB an open quiz`, '', ''),
    '',
    line('supposed', ''),
    line('---:', '---'),
    ...Object.values(ASSUMED).map(({ value, what }) => line(value.toLocaleString('en'), what)),
    '',
    line('servers', ...SIZES.map((servers) => servers.toLocaleString('en'))),
    line('---', ...SIZES.map(() => '---:')),
    ...Object.keys(columns[0]!).map((name) => line(name, ...columns.map((column) => round(column[name]!)))),
  ].join('\n');
}

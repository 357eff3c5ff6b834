// One of several real programs over one Postgres, that dies at a given step; the first that comes to it dies, the others
// pass. Started by test/helpers/kill-matrix.ts, which sets the clock of all of them on over IPC.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { startWeb } from '../../src/adapters/web/start.ts';
import { ALIVE_FOR } from '../../src/cluster/presence.ts';
import { createMovableClock } from '../helpers/clock.ts';
import { startProgram } from '../helpers/playground.ts';

const [folder, url, content, moved, first = ''] = process.argv.slice(2);
let step = first;
watchCommits();
const clock = createMovableClock(Number(moved));
const program = await startProgram({
  folder: folder!,
  clock,
  freshSeed: () => 7,
  aliveFor: ALIVE_FOR,
  env: { DATABASE_URL: url!, CONTENT_DIR: content!, DATABASE_CONNECTIONS: '5', LOG_LEVEL: 'warn' },
});
const { post } = program.services.outbox;
program.services.outbox.post = async (room, reply, key) => {
  const on = key?.slice(key.lastIndexOf(':') + 1);
  if (step === `before ${on}`) die();
  const message = await post(room, reply, key);
  if (step === `after ${on}`) die();
  return message;
};
const web = await startWeb(program.services, async (request, hooks) => {
  const reply = await program.dispatch(request, hooks);
  if (step === `reply ${request.id}`) die();
  return reply;
});
await program.services.resume();
process.on('message', (told: { move?: number; step?: string }) => {
  if (told.move !== undefined) clock.move(told.move);
  if (told.step !== undefined) step = told.step;
});
process.on('disconnect', () => process.exit());
process.send!({ url: web.url });

/** The driver of the database is the last place before a commit; the count is asked for within the transaction. */
function watchCommits(): void {
  const { query } = Client.prototype;
  Client.prototype.query = async function (this: Client, ...given: unknown[]) {
    const [when, kind, count] = step.split(' ');
    if (given[0] === 'commit' && when === 'store') {
      const counted = `select count(*)::int as n from quiz_events where event like '{"type":"${kind}"%' and xmin = pg_current_xact_id()::xid`;
      const all = `select count(*)::int as n from quiz_events where event like '{"type":"${kind}"%'`;
      const ask = async (text: string) => ((await (query as unknown as Query).call(this, text)).rows[0] as { n: number }).n;
      if ((await ask(counted)) > 0 && (await ask(all)) >= Number(count)) die();
    }
    return (query as unknown as Query).apply(this, given as [string]);
  } as unknown as typeof query;
}

type Query = (this: Client, text: string) => Promise<{ rows: unknown[] }>;

function die(): void {
  try {
    writeFileSync(join(folder!, '..', `${step.replaceAll(' ', '-')}.died`), '', { flag: 'wx' });
  } catch {
    // Another one has died here before.
    return;
  }
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once; nothing after it may run.
  for (;;);
}

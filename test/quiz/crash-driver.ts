// The real program (playground, services, file) as a process of its own that dies at a given step. Started by
// crash.test.ts, which turns its clock over IPC and talks to it over HTTP.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWeb } from '../../src/adapters/web/start.ts';
import type { Services } from '../../src/services.ts';
import { sqliteOf } from '../../src/store/database.ts';
import { createManualClock } from '../helpers/clock.ts';
import { startProgram } from '../helpers/playground.ts';

const [folder, content, now, step = ''] = process.argv.slice(2);
const clock = createManualClock(Number(now));
const program = await startProgram({ folder: folder!, clock, freshSeed: () => 7, env: { CONTENT_DIR: content! } });
clock.idle = () => program.services.quiz.idle();
const web = await startWeb(program.services, async (request, hooks) => {
  const reply = await program.dispatch(request, hooks);
  if (step === `reply ${request.id}`) die();
  return reply;
});
dieAt(program.services, step);
await program.services.resume();
// What was pending is carried out before anybody presses again.
await clock.advance(0);
process.on('message', (ms: number) => void clock.advance(ms).then(() => process.send!({ turned: clock.now() })));
process.on('disconnect', () => process.exit());
process.send!({ url: web.url });

/** What the steps mean: test/helpers/crash-steps.ts. */
function dieAt({ store, outbox }: Services, what: string): void {
  const [when, which, count = '1'] = what.split(' ');
  if (when === 'store') {
    sqliteOf(store).function('die', { deterministic: false }, die);
    sqliteOf(store).exec(`
      create temp trigger dies after insert on main.quiz_events
      when json_extract(new.event, '$.type') = '${which}'
       and (select count(*) from main.quiz_events where json_extract(event, '$.type') = '${which}') = ${Number(count)}
      begin select die(); end
    `);
  }
  const post = outbox.post;
  outbox.post = async (room, reply, key) => {
    const here = key?.endsWith(`:${which}`);
    if (here && when === 'before') die();
    const message = await post(room, reply, key);
    if (here && when === 'after') die();
    return message;
  };
}

function die(): number {
  // The next process goes on at this very moment, so that its scores can be compared with those of an unbroken run.
  writeFileSync(join(folder!, 'died-at'), String(clock.now()));
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once; nothing after it may run.
  for (;;);
}

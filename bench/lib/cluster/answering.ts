// A process that answers quizzes through the real dispatch; several of them share a Postgres, or one has a SQLite file.
// Started by answers.ts beside it: `{ open }` opens so many quizzes, `{ press }` has everybody press, `{ rate }` presses
// at a steady rate.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { registry } from '../../../commands/index.ts';
import { readConfig } from '../../../src/config.ts';
import { createDispatch } from '../../../src/core/dispatch.ts';
import { createServices } from '../../../src/create-services.ts';
import { createRng } from '../../../src/demos/random.ts';
import { createPresser, type Open, openOf, openQuiz } from '../pressing.ts';

export interface Asked {
  open?: number;
  /** Quizzes that this process answers, by players of these numbers. */
  press?: { quizzes: Open[]; players: number; rounds: number };
  rate?: { quizzes: Open[]; players: number; perSecond: number; seconds: number };
}
export interface Told {
  opened?: Open[];
  /** Milliseconds of each press, and processor time of all, in µs. */
  pressed?: { times: number[]; cpu: number };
}

const [folder, content, name] = process.argv.slice(2) as [string, string, string];
const { DATABASE_URL = '' } = process.env;
const config = readConfig(
  { DATABASE_FILE: join(folder, 'tutor.db'), CACHE_DIR: join(folder, 'cache'), CONTENT_DIR: content, LOG_LEVEL: 'error', DATABASE_URL },
  join(folder, 'no.env'),
);
const services = await createServices({ config, registry });
const press = createPresser(services, createDispatch(registry, services));
services.outbox.register('terminal', {
  post: async (room) => ({ ...room, id: randomUUID() }),
  update: async () => {},
  direct: async () => {},
});
const tell = (told: Told) => process.send!(told);

async function measured(work: () => Promise<number[]>): Promise<void> {
  const before = process.cpuUsage();
  const times = await work();
  const { user, system } = process.cpuUsage(before);
  tell({ pressed: { times, cpu: user + system } });
}

async function steadily({ quizzes, players, perSecond, seconds }: NonNullable<Asked['rate']>): Promise<number[]> {
  const rng = createRng(2);
  const presses: Promise<number>[] = [];
  const begun = performance.now();
  for (;;) {
    const elapsed = (performance.now() - begun) / 1000;
    if (elapsed >= seconds) return Promise.all(presses);
    while (presses.length < elapsed * perSecond)
      presses.push(press(quizzes[Math.floor(rng.uniform() * quizzes.length)]!, Math.floor(rng.uniform() * players)));
    await sleep(1);
  }
}

process.on('message', async ({ open, press: all, rate }: Asked) => {
  if (open !== undefined) {
    const lives = await Promise.all(Array.from({ length: open }, (_, i) => openQuiz(services, `room-${name}-${i}`)));
    await services.quiz.idle();
    tell({ opened: lives.map((live) => openOf(services, live)) });
  }
  if (all)
    await measured(async () => {
      const times: number[] = [];
      for (let round = 0; round < all.rounds; round++) {
        const everyone = all.quizzes.flatMap((quiz) => Array.from({ length: all.players }, (_, player) => press(quiz, player)));
        times.push(...(await Promise.all(everyone)));
      }
      return times;
    });
  if (rate) await measured(() => steadily(rate));
});
process.on('disconnect', () => process.exit());
tell({});

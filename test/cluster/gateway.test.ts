import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rowsOf } from '../helpers/cluster.ts';
import { createPeople, type People } from '../helpers/discord/people.ts';
import { type LoopbackDiscord, startLoopback } from '../helpers/discord/server.ts';
import type { Person, Place } from '../helpers/discord/world.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { type RoleProcess, startRole } from '../helpers/roles.ts';
import { smallContent } from '../helpers/small-content.ts';

const SHARDS = [0, 1, 2, 3];
/** A slow machine takes its time; what must not take long is measured. */
const PATIENCE = 60_000;

let server: TestPostgres;
let discord: LoopbackDiscord;
let people: People;
let ana: Person;
/** A channel in a server of each shard. */
let places: Place[];
let processes: RoleProcess[] = [];
let url: string;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.withTables();
  discord = await startLoopback({ shards: 4, maxConcurrency: 4 });
  people = createPeople(discord);
  ana = discord.world.addPerson('Ana', { moderator: true });
  places = SHARDS.map((shard) => {
    const id = String((BigInt(400_000_000_000 + shard) << 22n) + 7n);
    return discord.world.addPlace(discord.world.addGuild(`Group ${shard}`, { id }), 'general');
  });
  env = { DATABASE_URL: url, CONTENT_DIR: smallContent(), DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url };
});
afterAll(async () => {
  for (const process of processes) {
    process.signal('SIGCONT');
    process.signal('SIGKILL');
  }
  await discord.close();
  await server.close();
});

/** @returns how long it took, in milliseconds */
async function until(what: () => Promise<boolean> | boolean, why: string): Promise<number> {
  const from = performance.now();
  while (!(await what())) {
    if (performance.now() - from > PATIENCE) throw new Error(`${why} does not come; ${processes.map(({ log }) => log()).join('\n')}`);
    await setTimeout(20);
  }
  return performance.now() - from;
}

const connected = () => discord.gateway.connected().join() === SHARDS.join();
/** Who holds which shards, of those that are alive. */
const holders = () =>
  rowsOf<{ worker: string; shards: number[] }>(
    url,
    `select worker, array_agg(shard order by shard) as shards from gateway_shards join processes on id = worker
     where until > extract(epoch from clock_timestamp()) * 1000 group by worker`,
  );
const heldBy = async (count: number) => {
  const held = await holders();
  return held.length === count && held.flatMap(({ shards }) => shards).length === SHARDS.length;
};

const mentions: { place: Place; said: string }[] = [];
const repliesTo = ({ place, said }: { place: Place; said: string }) =>
  discord.world.messages(place).filter(({ json }) => json.message_reference?.message_id === said);

/** In each server a command and a mention; the loopback complains of what is answered twice. */
async function askEverywhere(): Promise<void> {
  const asked = places.map((place) => ({
    live: people.command(ana, place, 'lang'),
    said: people.say(ana, place, `<@${discord.world.bot.id}> /help`),
    place,
  }));
  mentions.push(...asked);
  for (const one of asked) {
    await people.answer(one.live);
    await discord.world.until(() => repliesTo(one).length > 0, 'the reply to a mention');
  }
}

it('shares out the shards of Discord, each answered once, through a stop, a wake and a kill', async () => {
  processes = await Promise.all([startRole('gateway', env), startRole('gateway', env), startRole('clock,lab', env)]);
  const [first, second, third] = processes as [RoleProcess, RoleProcess, RoleProcess];
  await until(async () => connected() && (await heldBy(2)), 'a fair share');
  expect((await holders()).map(({ shards }) => shards.length)).toEqual([2, 2]);
  await askEverywhere();

  // The gateway hears of the quiz, the clock shows it.
  const start = people.command(ana, places[3]!, 'quiz start', { questions: 1, lobby: 0 });
  await people.answer(start);
  await discord.world.until(
    () => discord.world.messages(places[3]!).find(({ json }) => JSON.stringify(json.components).includes('Question 1 of 1')),
    'the board',
  );
  const [quiz] = await rowsOf<{ about: string }>(url, 'select about from quizzes join processes on processes.id = worker');
  expect(JSON.parse(quiz!.about)).toMatchObject({ roles: ['clock', 'lab'], pid: third.child.pid });

  // Held up past its lease: another takes over, and the woken one finds that out before it answers.
  first.signal('SIGSTOP');
  await until(() => heldBy(1), 'the takeover of the one that is held up');
  // Its connections are still open: both hear everything.
  await until(() => new Set(discord.gateway.connected()).size === 4 && discord.gateway.connected().length === 6, 'the other shards');
  const asking = askEverywhere();
  first.signal('SIGCONT');
  await asking;
  await until(() => first.log().includes('another process’s now'), 'that it finds its leases gone');
  await until(async () => (await heldBy(2)) && connected(), 'a fair share again');
  await askEverywhere();

  // Killed: the lease ends, another takes the shards.
  second.signal('SIGKILL');
  const from = performance.now();
  const took = await until(() => heldBy(1), 'the takeover');
  expect(took).toBeLessThan(5_000);
  await until(connected, 'the shards of the one that was killed');
  const back = performance.now() - from;
  await askEverywhere();

  // Stopped as it should be, it leaves its shards at once.
  await first.stop();
  expect(await rowsOf(url, 'select shard from gateway_shards where worker is not null')).toEqual([]);

  expect(discord.problems).toEqual([]);
  for (const mention of mentions) expect(repliesTo(mention)).toHaveLength(1);
  for (const shard of SHARDS) {
    const times = discord.gateway.identified.filter((one) => one.shard === shard).map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) expect(at - times[i]!, `identify of shard ${shard}`).toBeGreaterThanOrEqual(5_000);
  }
  process.stderr.write(
    `gateway: after kill -9 the leases are taken over in ${Math.round(took)} ms, the shards back in ${Math.round(back)} ms\n`,
  );
}, 240_000);

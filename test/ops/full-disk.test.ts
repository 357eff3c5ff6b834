import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { SHARED } from '../helpers/playground.ts';
import { createWebClient } from '../helpers/web-client.ts';

const root = join(import.meta.dirname, '../..');
/** Little more than what `/readyz` wants to be free. */
const DISK = '220m';
/** A disk of its own needs a mount, which Linux lets anybody have in a namespace of their own. */
const mounts = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

let child: ChildProcess;
afterEach(() => child?.kill('SIGKILL'));

/** The real program; database, cache, backups and log stand on a small disk, which only it sees. */
async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'));
  for (const shared of Object.values(SHARED)) mkdirSync(shared, { recursive: true });
  const within = `mount -t tmpfs -o size=${DISK} tmpfs "$DISK" && cd "$DISK" && mkdir cache && ln -s "$NOTES" cache/notes && ln -s "$PAGE" cache/page &&
    exec "$NODE" --import "$ROOT/scripts/quick.mjs" "$ROOT/src/main.ts" 2>>log`;
  child = spawn('unshare', ['--map-root-user', '--mount', 'sh', '-c', within], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      DISK: folder,
      ROOT: root,
      NODE: process.execPath,
      NOTES: SHARED.notes,
      PAGE: SHARED.page,
      PORT: '0',
      CONTENT_DIR: join(root, 'content'),
      DATABASE_FILE: join(folder, 'tutor.db'),
      CACHE_DIR: join(folder, 'cache'),
      BACKUP_EVERY: 'off',
    },
  });
  const disk = join(`/proc/${child.pid}/root`, folder);
  const log = () => readFileSync(join(disk, 'log'), 'utf8');
  const serving = () => tried(log)?.match(/(http:\/\/127\.0\.0\.1:\d+)[\s\S]*✓/)?.[1];
  await expect.poll(serving, { timeout: 60_000, interval: 100 }).toBeDefined();
  return { url: serving()!, disk, log };
}

function tried<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

/** Writes until not even a few bytes fit. */
function fill(file: string): void {
  const handle = openSync(file, 'w');
  for (const bytes of [1 << 20, 4096, 64]) while (tried(() => writeSync(handle, Buffer.alloc(bytes))));
  closeSync(handle);
}

it.skipIf(!mounts)(
  'a disk that is really full: told, 503, nothing lost, and all goes on by itself once there is room',
  { timeout: 120_000 },
  async () => {
    const { url, disk, log } = await start();
    const web = createWebClient(() => url);
    const ready = async () => {
      const response = await fetch(`${url}/readyz`);
      const { reasons } = (await response.json()) as { reasons: { code: string }[] };
      return { status: response.status, codes: reasons.map(({ code }) => code) };
    };
    const told = () => log().match(/cannot be written at present/g) ?? [];
    expect(await ready()).toEqual({ status: 200, codes: [] });
    await web.post('main', { user: 'ada', id: 'before', text: '/lang en' });

    fill(join(disk, 'filler'));
    const question = { user: 'ada', id: 'while', text: '/explain dropout' };
    // What was stored takes some pages that there are; after that there is none.
    const replies = [];
    for (let n = 0; n < 20; n++)
      replies.push(await web.post('main', { ...question, id: `while-${n}`, text: `/explain dropout ${'x'.repeat(300)}` }));
    const last = await web.post('main', question);
    expect(last).toMatchObject({ status: 503, json: { result: { code: 'disk-full' } } });
    expect(last.headers.get('Retry-After')).toBe('10');
    expect(replies.filter(({ status }) => ![200, 503].includes(status))).toEqual([]);
    expect(await ready()).toEqual({ status: 503, codes: ['disk-full', 'little-disk'] });
    // What needs no room goes on: the notes, and an experiment with its chart.
    expect((await fetch(`${url}/api/notes/dropout`)).status).toBe(200);
    const run = await web.run({ user: 'ada', demo: 'gradient-norms', params: { depth: 3, width: 8, seeds: 1 }, seed: 5 });
    const chart = run.lines.at(-1)!.reply!.blocks.find(({ type }) => type === 'image')!;
    const picture = async () =>
      Buffer.from(await (await fetch(url + chart.url)).arrayBuffer())
        .subarray(1, 4)
        .toString();
    expect(await picture()).toBe('PNG');

    rmSync(join(disk, 'filler'));
    expect(await ready()).toEqual({ status: 200, codes: [] });
    // The page sends what it could not under the same id.
    expect(await web.post('main', question)).toMatchObject({ status: 200, json: { result: { kind: 'answer' } } });
    expect(await picture()).toBe('PNG');
    const { messages } = (await web.get('/api/rooms/main/messages', 'ada')) as { messages: { id: string }[] };
    const ids = messages.map(({ id }) => id);
    // Whatever was said to be stored is there, once; what was refused is not.
    const stored = replies.flatMap(({ status }, n) => (status === 200 ? [`u:while-${n}`] : []));
    expect(ids.filter((id) => id.startsWith('u:'))).toEqual(['u:before', ...stored, 'u:while']);
    expect(told()).toHaveLength(1);
  },
);

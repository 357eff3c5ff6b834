import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { wrongNode } from '../src/start-errors.ts';

const root = join(import.meta.dirname, '..');
const main = join(root, 'src/main.ts');
const content = join(root, 'content');
/** One for all: reading the notes anew is not what these tests are about. */
const cache = mkdtempSync(join(tmpdir(), 'start-cache-'));

/** Starts the real program in an empty folder; ends it with SIGTERM once it serves. */
async function start(
  env: Record<string, string>,
  files: Record<string, string> = {},
): Promise<{ code: number | null; stderr: string; ms: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'start-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(process.execPath, [main], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', CONTENT_DIR: content, PORT: '0', LOG_LEVEL: 'error', ...env },
  });
  let stderr = '';
  let asked = 0;
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (asked === 0 && stderr.includes('http://')) {
      asked = Date.now();
      child.kill('SIGTERM');
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr, ms: Date.now() - asked };
}

/** Starts `npm start` itself, as a supervisor does; resolves when it serves. */
async function startByNpm(env: Record<string, string>) {
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), CONTENT_DIR: content, PORT: '0', LOG_LEVEL: 'error', CACHE_DIR: cache, ...env },
  });
  let output = '';
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  const url = await new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => resolve(''));
  });
  return { child, url, ended, output: () => output };
}

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('npm start under a supervisor', () => {
  it('SIGTERM ends the program, and npm after it with its exit code', { timeout: 60_000 }, async () => {
    const { child, url, ended } = await startByNpm({ DATABASE_FILE: join(mkdtempSync(join(tmpdir(), 'start-')), 'tutor.db') });
    expect(await answers(url)).toBe(true);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(await answers(url)).toBe(false);
  });

  it('a second start says who holds the database, in both languages, and changes nothing', { timeout: 90_000 }, async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'start-')), 'tutor.db');
    const first = await startByNpm({ DATABASE_FILE: file });
    const second = await startByNpm({ DATABASE_FILE: file });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    const pid = /process (\d+) \(npm start\)/.exec(second.output())?.[1];
    expect(execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })).toContain('src/main.ts');
    expect(second.output()).toContain(`kill ${pid}`);
    expect(second.output()).toMatch(/数据库 .*tutor\.db 正被另一个 Gradient Tutor 使用：进程 \d+（npm start）/);
    expect(second.output()).not.toMatch(/\n\s+at /);
    expect(await answers(first.url)).toBe(true);
    // What the message says to do is enough for the next one.
    process.kill(Number(pid), 'SIGTERM');
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const third = await startByNpm({ DATABASE_FILE: file });
    expect(await answers(third.url)).toBe(true);
    third.child.kill('SIGTERM');
    await third.ended;
  });

  it('leaves too when npm is killed, and a killed program holds nothing', { timeout: 90_000 }, async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'start-')), 'tutor.db');
    const first = await startByNpm({ DATABASE_FILE: file });
    first.child.kill('SIGKILL');
    await first.ended;
    await expect.poll(() => answers(first.url), { timeout: 15_000, interval: 200 }).toBe(false);
    const second = await startByNpm({ DATABASE_FILE: file });
    const { pid } = new Database(`${file}.lock`, { readonly: true }).prepare('SELECT pid FROM holder').get() as { pid: number };
    process.kill(pid, 'SIGKILL');
    expect(await second.ended).not.toEqual({ code: 0, signal: null });
    const third = await startByNpm({ DATABASE_FILE: file });
    expect(await answers(third.url)).toBe(true);
    third.child.kill('SIGTERM');
    expect(await third.ended).toEqual({ code: 0, signal: null });
  });
});

describe('npm start', () => {
  it('serves, and leaves within ten seconds of SIGTERM', async () => {
    const { code, stderr, ms } = await start({});
    expect(stderr).toMatch(/Gradient Tutor: http:\/\/127\.0\.0\.1:\d+/);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
  });

  it('names the port that is in use, and another', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await start({ PORT: String(port) });
    server.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is in use`);
    expect(stderr).toContain(`PORT=${port + 1} npm start`);
    expect(stderr).toContain(`端口 ${port} 已被占用`);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['a malformed .env', {}, { '.env': 'PORT 3000\n' }, /\.env, line 1: expected NAME=value/],
    ['a setting that does not fit', { PORT: 'many' }, {}, /PORT=many/],
    [
      'a database that is none',
      { DATABASE_FILE: 'broken.db' },
      { 'broken.db': 'no database '.repeat(200) },
      /broken\.db cannot be used[\s\S]*Move the file away/,
    ],
    ['a content folder that is missing', { CONTENT_DIR: 'nowhere' }, {}, /nowhere/],
    ['an open address without a password', { HOST: '0.0.0.0' }, {}, /PLAYGROUND_PASSWORD/],
  ])('stops at %s with a message that names the fix', async (_what, env, files, expected) => {
    const { code, stderr } = await start(env as Record<string, string>, files as Record<string, string>);
    expect(code).toBe(1);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

it('says which command to use when the Node is not ours', () => {
  expect(wrongNode('20.11.0')).toContain('npm start');
  expect(wrongNode('22.23.2')).toBeUndefined();
});

import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wrongNode } from '../src/start-errors.ts';

const main = join(import.meta.dirname, '../src/main.ts');
const content = join(import.meta.dirname, '../content');

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

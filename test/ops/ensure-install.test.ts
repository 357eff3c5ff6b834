import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'install-'));
  mkdirSync(join(root, 'scripts'));
  cpSync(join(import.meta.dirname, '../../scripts/ensure-install.mjs'), join(root, 'scripts/ensure-install.mjs'));
  const entry = { version: '1.0.0' };
  const packages = { '': {}, 'node_modules/runs': entry, 'node_modules/typescript': { ...entry, dev: true } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  // An npm that installs without a registry, and writes down how it was asked to.
  mkdirSync(join(root, 'bin'));
  const npm = `#!/usr/bin/env node
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n');
const all = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages).filter(([path]) => path);
const some = all.filter(([, { dev }]) => !dev || !process.argv.includes('--omit=dev'));
for (const [path] of some) mkdirSync(path, { recursive: true });
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.bin/node', '');
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(some) }));
`;
  writeFileSync(join(root, 'bin/npm'), npm, { mode: 0o755 });
});
afterEach(() => rmSync(root, { recursive: true }));

/** @returns how npm was asked to install, or undefined where it was not. */
function before(script: string): string | undefined {
  rmSync(join(root, 'asked'), { force: true });
  const { status, stderr } = spawnSync(process.execPath, ['scripts/ensure-install.mjs'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`, npm_lifecycle_event: script },
  });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  try {
    return readFileSync(join(root, 'asked'), 'utf8');
  } catch {
    return undefined;
  }
}

it.skipIf(process.platform === 'win32')('a first start installs what runs, a first test the rest, and neither takes the other away', () => {
  expect(before('prestart')).toContain('ci --omit=dev');
  expect(['prestart', 'prechat', 'predb', 'preupgrade'].map(before)).toEqual([undefined, undefined, undefined, undefined]);
  expect(before('pretest')).not.toContain('--omit=dev');
  expect(['pretest', 'prestart'].map(before)).toEqual([undefined, undefined]);
  // The lockfile changed: whoever develops stays so.
  const changed = readFileSync(join(root, 'package-lock.json'), 'utf8').replaceAll('1.0.0', '1.0.1');
  writeFileSync(join(root, 'package-lock.json'), changed);
  expect(before('prestart')).not.toContain('--omit=dev');
  rmSync(join(root, 'node_modules/runs'), { recursive: true });
  expect(before('prestart')).toContain('ci ');
});

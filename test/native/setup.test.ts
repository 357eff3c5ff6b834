import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nativeAvailable } from '../../src/demos/backend.ts';

const script = join(import.meta.dirname, '../../scripts/setup-native.ts');
const folder = () => mkdtempSync(join(tmpdir(), 'native-'));

function setUp(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('setup:native', () => {
  it.each([
    ['en', 'Gives the experiments the native TensorFlow backend'],
    ['zh', '为实验装上原生 TensorFlow 后端'],
  ])('explains itself in %s', (locale, line) => {
    const { status, text } = setUp(['--help', '--locale', locale]);
    expect(status).toBe(0);
    expect(text).toContain(line);
  });

  it.each([
    ['en', 'Missing: python3, make, g++, pip', 'go on with WebAssembly'],
    ['zh', '缺少：python3, make, g++, pip', '继续用 WebAssembly'],
  ])('names the tools that are missing, in %s, and leaves WASM alone', (locale, missing, fallback) => {
    const before = nativeAvailable();
    const { status, text } = setUp(['--cache', folder(), '--locale', locale], { PATH: folder() });
    expect(status).toBe(1);
    expect(text).toContain(missing);
    expect(text).toContain(fallback);
    expect(nativeAvailable()).toBe(before);
  });

  it('says what to do when the index does not answer, and leaves no half wheel', { timeout: 60_000 }, () => {
    const cache = folder();
    const { status, text } = setUp(['--cache', cache, '--locale', 'en'], { PIP_NO_INDEX: '1', PIP_FIND_LINKS: folder() });
    expect(status).toBe(1);
    expect(text).toContain('PIP_INDEX_URL');
    expect(text).toContain(join(cache, 'setup.log'));
    expect(readdirSync(cache)).toEqual(['setup.log']);
  });

  it('refuses a file that is no wheel, and a wheel that is damaged, once', { timeout: 60_000 }, () => {
    const cache = folder();
    const other = join(folder(), 'six-1.16.0-py2.py3-none-any.whl');
    writeFileSync(other, 'PK');
    expect(setUp(['--cache', cache, '--wheel', other, '--locale', 'en']).text).toContain('is no tensorflow-cpu wheel');
    const name = 'tensorflow_cpu-2.15.1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
    mkdirSync(join(cache, 'wheels'));
    writeFileSync(join(cache, 'wheels', name), 'PK cut off');
    const { status, text } = setUp(['--cache', cache, '--locale', 'en']);
    expect(status).toBe(1);
    expect(text).toContain('damaged');
    expect(existsSync(join(cache, 'wheels', name))).toBe(false);
  });
});

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
/** One for all: reading the notes anew is not what these tests are about. */
const cache = mkdtempSync(join(tmpdir(), 'chat-cache-'));

interface Line {
  event?: string;
  result?: Record<string, unknown> & { checks?: { ok: boolean }[] };
  text: string;
  blocks: ({ type: string; path?: string; sha256?: string; text?: string } & Record<string, unknown>)[];
}

/** Runs the real program with lines on standard input until it ends by itself. */
async function chat(
  lines: string[],
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<{ replies: Line[]; code: number | null; stderr: string; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'chat-'));
  const child = spawn(process.execPath, ['src/chat.ts', '--json', '--db', join(folder, 'tutor.db'), '--out', folder, ...args], {
    cwd: root,
    env: { ...process.env, CACHE_DIR: cache, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    replies: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line),
    code,
    stderr,
    folder,
  };
}

describe('npm run -s chat -- --json', () => {
  it('explains and runs an experiment: one JSON line a request', { timeout: 60_000 }, async () => {
    const { replies, code, stderr } = await chat(['/explain batchnorm', '/demo gradient-norms seed:7', '/demo gradient-norms seed:7']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(replies).toHaveLength(3);
    expect(replies[0]!.result).toMatchObject({
      kind: 'answer',
      topic: 'batch-normalization',
      answered: true,
      lang: 'en',
    });
    const [first, again] = [replies[1]!, replies[2]!];
    expect(first.result).toMatchObject({ kind: 'demo', demo: 'gradient-norms', seed: 7 });
    expect(first.result!.checks!.length).toBeGreaterThan(2);
    expect(first.result!.checks!.every(({ ok }) => ok)).toBe(true);
    expect(again.result!.series).toEqual(first.result!.series);
    const image = first.blocks.find(({ type }) => type === 'image')!;
    expect(createHash('sha256').update(readFileSync(image.path!)).digest('hex')).toBe(image.sha256);
    expect(image.alt).toMatch(/sigmoid/);
    // The result says the same of the picture as its block: a program need not look there.
    const { type: _, ...placed } = image;
    expect(first.result!.image).toEqual(placed);
    expect(placed).toMatchObject({ path: expect.stringMatching(/\.png$/), width: expect.any(Number), height: expect.any(Number) });
  });

  it('answers every kind of wrong input in the person’s language, and goes on', {
    timeout: 60_000,
  }, async () => {
    const wrong = [
      ['/nonsense', 'unknown-command'],
      ['/explian batchnorm', 'unknown-command-did-you-mean'],
      ['', 'empty-message'],
      ['   ', 'empty-message'],
      ['/demo gradient-norms depth:-3', 'parameter-out-of-range'],
      ['/demo gradient-norms depth:1e9', 'parameter-out-of-range'],
      ['/demo gradient-norms dept:3', 'unknown-parameter-did-you-mean'],
      ['/quiz stop', 'quiz-none'],
      [`why ${'x'.repeat(100_000)}`, 'message-too-long'],
      ['{"user":"a"', 'malformed-request'],
      ['{"user":"a","room":"r","text":5}', 'malformed-request'],
      ['{"user":"a","room":"r","press":"nonsense"}', 'stale-button'],
    ] as const;
    for (const locale of ['en', 'zh']) {
      const { replies, code, stderr } = await chat([...wrong.map(([line]) => line), '/help'], ['--locale', locale]);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      expect(replies.map(({ result }) => (result?.kind === 'error' ? result.code : result?.kind))).toEqual([
        ...wrong.map(([, code]) => code),
        'info',
      ]);
      for (const { result } of replies.slice(0, -1)) {
        expect(`${result!.message}${result!.hint}`).toMatch(locale === 'zh' ? /\p{Script=Han}/u : /^[^\p{Script=Han}]+$/u);
        expect(result!.message).not.toContain('⟨');
      }
    }
  });

  it('answers a hundred lines of a pipe in their order: nobody is too fast for their own terminal', { timeout: 60_000 }, async () => {
    const guest = JSON.stringify({ user: 'bob', text: '/help' });
    const { replies } = await chat(Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? '/nonsense' : i % 2 === 0 ? guest : '/help')));
    expect(replies.map(({ result }) => result!.kind)).toEqual(Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 'error' : 'info')));
    expect(new Set(replies.map(({ result }) => result!.code))).toEqual(new Set(['unknown-command', undefined]));
  });

  it('hears nothing of TensorFlow’s own on plain CPU', { timeout: 60_000 }, async () => {
    const { replies, stderr } = await chat(['/demo gradient-norms depth:3 width:8 seeds:1 seed:1'], [], { TF_BACKEND: 'cpu' });
    expect(replies[0]!.result).toMatchObject({ kind: 'demo', backend: expect.stringMatching(/^cpu/) });
    expect(stderr).toBe('');
  });

  it('says plainly that the notes do not answer', async () => {
    const { replies } = await chat(['/explain quantum chromodynamics', '😀', '今天天气怎么样']);
    for (const { result } of replies) expect(result).toMatchObject({ kind: 'answer', answered: false, topic: null });
  });

  it('plays a quiz of two people, whose presses are JSON lines', async () => {
    const { replies } = await chat([
      '{"user":"alice","room":"r1","text":"/quiz start topic:batch-size questions:1 lobby:0"}',
      '{"user":"alice","room":"r1","text":"/quiz status"}',
      '{"user":"bob","room":"r2","text":"/quiz status"}',
    ]);
    const [started, status, other] = replies.filter(({ event }) => event === undefined);
    expect(started!.result).toMatchObject({ kind: 'quiz' });
    expect(status!.result).toMatchObject({ kind: 'quiz' });
    expect(other!.result).toMatchObject({ kind: 'error', code: 'quiz-none' });
  });

  it('prints help, and a message for a wrong flag', async () => {
    const { stderr, code } = await chat([], ['--nonsense']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/--nonsense[\s\S]*--help/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/reply.ts';

const root = join(import.meta.dirname, '../../..');
const cache = mkdtempSync(join(tmpdir(), 'chat-cache-'));
const CTRL_C = '\u0003';
/** What readline writes when it waits for a line. */
const PROMPT = '> \u001b[3G';

/** Types into the real program in a terminal of 80 columns: each step waits for a text, then types. */
async function type(steps: [until: string, typed: string][], args: string[] = []): Promise<{ screen: string; code: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), 'pty-'));
  const chat = [process.execPath, 'src/chat.ts', '--db', join(folder, 'tutor.db'), '--out', folder, ...args];
  const child = spawn('python3', ['test/helpers/in-terminal.py', JSON.stringify(steps), ...chat], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm-256color', CACHE_DIR: cache, LOG_LEVEL: 'error' },
  });
  let screen = '';
  child.stdout.on('data', (chunk) => (screen += chunk));
  child.stderr.on('data', (chunk) => (screen += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { screen, code };
}

/** Lines that the program printed; a command to be copied stays on one line, and what is typed is not ours. */
const printed = (screen: string) =>
  stripVTControlCharacters(screen)
    .split(/\r?\n/)
    .filter((line) => !/^(> |\/)/.test(line));

describe('npm run chat in a terminal of 80 columns', () => {
  it.each(['en', 'zh'])(
    'shows notes and runs without Markdown’s marks, no line longer than the window (%s)',
    { timeout: 120_000 },
    async (locale) => {
      const end = locale === 'en' ? 'New seed' : '换个种子';
      const { screen, code } = await type(
        [
          [PROMPT, '/explain learning-rate\r'],
          [PROMPT, '/explain batchnorm\r'],
          [PROMPT, '/demo gradient-norms depth:4 width:16 seeds:2 seed:7\r'],
          [end, '/help quiz\r'],
          [PROMPT, CTRL_C],
        ],
        ['--locale', locale],
      );
      expect(code).toBe(0);
      const lines = printed(screen);
      expect(lines.length).toBeGreaterThan(80);
      expect(lines.filter((line) => displayWidth(line) > 80 && !line.includes('.png'))).toEqual([]);
      expect(lines.filter((line) => /\*\*|`|\$[^$]*\\|^#|\]\(http/.test(line))).toEqual([]);
      // What the marks said is said by styles.
      expect(screen).toContain('\u001b[1m');
      // No Chinese line begins with what ends a sentence.
      expect(lines.filter((line) => /^\s*[，。；：、）！？」”]/.test(line))).toEqual([]);
    },
  );

  it('Tab completes topics, as an argument, as an option and in a question', { timeout: 60_000 }, async () => {
    const { screen } = await type([
      [PROMPT, '/explain batch-n\t'],
      ['normalization ', CTRL_C],
      [PROMPT, '/quiz start topic:batch-s\t'],
      ['size ', CTRL_C],
      [PROMPT, 'what is batch-n\t'],
      ['normalization', CTRL_C],
      [PROMPT, '/explain bat\t'],
      ['ch-', '\t'],
      ['batch-size', CTRL_C],
      [PROMPT, CTRL_C],
    ]);
    expect(screen).toContain('Bye!');
    const shown = stripVTControlCharacters(screen);
    // What begins as typed, not what may be meant; without the command that stands there already.
    expect(shown).toMatch(/\nbatch-normalization +batch-size\s/);
  });

  it('a chat that is ended behind a line which waits its turn answers it, and ends', { timeout: 60_000 }, async () => {
    const { screen, code } = await type([[PROMPT, `/help quiz\r\r${CTRL_C}`]]);
    expect(stripVTControlCharacters(screen)).toMatch(/Examples[\s\S]*\/quiz start/);
    expect(screen).toContain('Bye!');
    expect(code).toBe(0);
  });

  it('Ctrl-C clears the line that is typed, stops the run that is under way, and ends an idle chat', { timeout: 60_000 }, async () => {
    const { screen, code } = await type([
      [PROMPT, 'half a quest'],
      ['half a quest', CTRL_C],
      [PROMPT, '/demo training-plateau\r'],
      ['Working', CTRL_C],
      ['cancelled', '/topics\r'],
      ['topics', ''],
      [PROMPT, 'more'],
      ['more', CTRL_C],
      [PROMPT, CTRL_C],
    ]);
    expect(code).toBe(0);
    expect(screen).toContain('The run was cancelled');
    expect(screen).toContain('Bye!');
    // Neither half line was sent.
    expect(screen.match(/\^C/g)).toHaveLength(2);
    expect(screen).not.toMatch(/not sure|not in our notes/i);
  });
});

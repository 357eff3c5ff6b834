import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { gameContent } from '../helpers/game.ts';

interface Line {
  event?: 'post' | 'update';
  text?: string;
  reply?: Line;
  visibility?: string;
  result?: { kind: string; [more: string]: unknown };
  blocks?: { type: string; text?: string; path?: string; alt?: string; items?: { id: string; label: string }[] }[];
}

/** `npm run -s chat -- --json` with two people at it. */
function openChat() {
  const folder = mkdtempSync(join(tmpdir(), 'terminal-game-'));
  const args = ['src/chat.ts', '--json', '--db', join(folder, 'tutor.db'), '--content', gameContent(), '--out', folder, '--locale', 'en'];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, CACHE_DIR: join(folder, 'cache') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line);
    for (const look of waiting) look();
  });
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  let asked = 0;
  return {
    lines,
    /** The newest message under this heading. */
    board: (heading: string) =>
      until(() =>
        lines
          .map(({ reply }) => reply)
          .findLast((reply) => reply?.blocks?.some(({ type, text }) => type === 'heading' && text === heading)),
      ),
    /** Sends a line and waits for its own reply. */
    async send(line: Record<string, string>): Promise<Line> {
      child.stdin.write(`${JSON.stringify({ room: 'r1', ...line })}\n`);
      const nth = ++asked;
      return until(() => lines.filter(({ event }) => event === undefined)[nth - 1]);
    },
    async end(): Promise<number | null> {
      child.stdin.end();
      return new Promise((resolve) => child.once('close', resolve));
    },
  };
}

const buttons = (board: Line) => board.blocks!.flatMap(({ items }) => (items && 'id' in (items[0] ?? {}) ? items : []));

it('two people play a quiz in the terminal’s JSON mode', { timeout: 60_000 }, async () => {
  const chat = openChat();
  const press = (user: string, board: Line, label: string) =>
    chat.send({ user, press: buttons(board).find((one) => one.label === label)!.id });
  await chat.send({ user: 'alice', text: '/quiz start topic:single mode:speed lobby:60 lock:true' });
  const lobby = await chat.board('Quiz: single');
  await press('alice', lobby, 'Join');
  await press('bob', lobby, 'Join');
  await press('alice', lobby, 'Start now');
  const question = await chat.board('Question 1 of 1');
  const { choices } = question.result!.question as { choices: { id: string; label: string }[] };
  const choose = (user: string, label: string) => chat.send({ user, press: choices.find((choice) => choice.label === label)!.id });
  const receipt = await choose('alice', 'yes');
  expect(receipt).toMatchObject({ visibility: 'private', result: { recorded: expect.stringMatching(/^[A-C]$/) } });
  await choose('bob', 'no');
  const answer = await chat.board('Answer to question 1');
  expect(answer.text).toContain('1 of 2 right: alice');
  const picture = answer.blocks!.find(({ type }) => type === 'image')!;
  expect(readFileSync(picture.path!).subarray(1, 4).toString()).toBe('PNG');
  expect(picture.alt).toMatch(/Votes: 2\./);
  await press('alice', answer, 'Result');
  const podium = await chat.board('Result');
  const standings = podium.result!.standings as { user: { name: string }; score: number; rank: number }[];
  expect(standings.map(({ rank, user }) => [rank, user.name])).toEqual([
    [1, 'alice'],
    [2, 'bob'],
  ]);
  const scores = await chat.send({ user: 'bob', text: '/scores today' });
  expect(scores.result).toMatchObject({ kind: 'scores', rows: [{ score: standings[0]!.score }, { score: 0 }] });
  expect(await chat.end()).toBe(0);
  if (process.env.SHOW) for (const line of chat.lines) process.stdout.write(`${JSON.stringify(line)}\n`);
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuizCodes, SHOWN_AFTER } from '../../../src/adapters/web/quiz-codes.ts';
import { createManualClock } from '../../helpers/clock.ts';
import { gameContent } from '../../helpers/game.ts';
import { type Program, startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'codes-'));
const clock = createManualClock(Date.UTC(2026, 10, 28));
const start = () => startPlayground({ folder, clock, env: { CONTENT_DIR: gameContent() } });
let playground: Program & { url: string };
const client = createWebClient(() => playground.url);
beforeAll(async () => {
  playground = await start();
});
afterAll(() => playground.close());

const say = (room: string, user: string, text: string) => client.post(room, { user, text });
const begin = async (room: string) => {
  await say(room, 'ana', '/quiz start topic:single lobby:600');
  return (await client.get(`/api/rooms/${room}/quiz`)) as { quiz: string; code: string };
};
const ask = (code: string) => client.jarOf('ben').fetch(`${playground.url}/api/join/${encodeURIComponent(code)}`);

describe('the code of a quiz', () => {
  it('leads into its room, however it is typed, also after a restart', async () => {
    const { quiz, code } = await begin('physics');
    expect(code).toMatch(/^[ACDEFGHJKMNPQRTUVWXY34679]{6}$/);
    const other = await begin('maths');
    expect(other.code).not.toBe(code);
    await playground.close();
    playground = await start();
    const wide = [...code].map((char) => String.fromCodePoint(char.codePointAt(0)! + 0xfee0)).join('');
    for (const typed of [code, code.toLowerCase(), ` ${code.slice(0, 3)} ${code.slice(3)}`, `${code.slice(0, 3)}-${code.slice(3)}`, wide])
      expect(await (await ask(typed)).json()).toEqual({ quiz, room: 'physics', over: false });
    expect(await client.get('/api/rooms/physics/quiz')).toEqual({ quiz, code, leads: false });
    expect(await client.get('/api/rooms/physics/quiz', 'ana')).toEqual({ quiz, code, leads: true });
  });

  it('ends with the quiz; its result is shown for an hour more', async () => {
    const { quiz, code } = await begin('short');
    const { db } = playground.services.store;
    await db.updateTable('quizzes').set({ finished_at: clock.now() }).where('id', '=', quiz).execute();
    expect(await (await ask(code)).json()).toMatchObject({ over: true });
    const codes = createQuizCodes(db, { ...clock, now: () => clock.now() + SHOWN_AFTER + 1 });
    expect(await codes.find(code)).toBeUndefined();
    // Where one is made anew, those that are over make room.
    await codes.codeOf((await begin('later')).quiz);
  });

  it('is drawn again when another quiz has it', async () => {
    const { db } = playground.services.store;
    const { quiz, code } = await begin('taken');
    const draws = [...[...code].map((char) => 'ACDEFGHJKMNPQRTUVWXY34679'.indexOf(char)), 0, 1, 2, 3, 4, 5];
    await say('second', 'ben', '/quiz start topic:second lobby:600');
    const second = playground.services.quiz.inRoom({ platform: 'web', space: 'local', room: 'second' })!.stored.id;
    const codes = createQuizCodes(db, clock, () => draws.shift()!);
    expect(await codes.codeOf(second)).toBe('ACDEFG');
    expect(await codes.codeOf(quiz)).toBe(code);
    expect(draws).toEqual([]);
  });

  it('cannot be guessed by trying: after 200 from one address one has to wait, and then it is told for how long', async () => {
    const answers = await Promise.all(Array.from({ length: 230 }, (_, i) => ask(`AAAA${'ACDEFGHJKM'[i % 10]}3`)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 404).length).toBeLessThanOrEqual(200);
    expect(refused.length).toBeGreaterThanOrEqual(30);
    expect(Number(refused[0]!.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect(((await refused[0]!.json()) as { text: string }).text).toContain('Too many wrong codes');
  });
});

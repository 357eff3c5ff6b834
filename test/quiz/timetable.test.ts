import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import { rightPicks } from '../../src/quiz/grade.ts';
import { board, button, type Game, openGame, standings } from '../helpers/game.ts';
import { buttonsOf, errorOf, type Room } from '../helpers/room.ts';

/** Berlin is one hour ahead until 29 March 2026, 01:00 UTC, then two. */
const ZONE = 'zone:Europe/Berlin';
const HOUR = 3_600;
let game: Game;
let room: Room;
beforeAll(async () => {
  game = await openGame();
  idle();
});
afterAll(() => game.close());

/** The clock waits for what the timetable and the quizzes do. */
function idle(): void {
  const { quiz, timetable } = game.program.services;
  game.clock.idle = async () => {
    await timetable.idle();
    await quiz.idle();
  };
  timetable.start();
}

async function reopen(later: number): Promise<void> {
  const { ref } = room;
  await game.reopen({ crashed: true, later: later * 1_000 });
  room = game.room(ref.room);
  await game.program.services.resume();
  idle();
  await game.turn(0.1);
}

/** Turns the clock to a moment; the hands do not go back. */
const to = (iso: string) => game.turn((Date.parse(`${iso}Z`) - game.clock.now()) / 1_000);
const quizzes = () => game.count(`quizzes where room = '${room.ref.room}'`);
const live = () => game.program.services.quiz.inRoom(room.ref);
/** Ends what runs in the room. */
async function over(): Promise<void> {
  await room.stop();
  await game.turn(1);
}

beforeEach(() => {
  room = game.room();
});

describe('a scheduled quiz', () => {
  it('starts at its local time, each week once, also across the change to summer time and a crash', async () => {
    await to('2027-03-10T12:00:00');
    const made = await room.say('host', `/quiz schedule pair when:"Sunday 02:30" ${ZONE} repeat:weekly lobby:5`);
    expect(toText(made)).toMatch(/quiz on pair, questions: 5, Sun, 14 Mar, 02:30 \(Europe\/Berlin\)|Sun, Mar 14, 02:30 \(Europe\/Berlin\)/);
    await to('2027-03-14T01:29:59');
    expect(await quizzes()).toBe(0);
    await to('2027-03-14T01:30:01');
    expect(live()?.state.settings).toMatchObject({ topic: 'pair', host: 'host', lobbySeconds: 5 });
    expect(board(room, 'Quiz: pair')).toBeDefined();
    await over();
    // A crash between the start and the next look starts nothing again.
    await reopen(0);
    await game.turn(HOUR);
    expect(await quizzes()).toBe(1);
    await to('2027-03-21T01:30:01');
    expect(await quizzes()).toBe(2);
    await over();
    // On 28 March there is no 02:30: it is 03:30 then, 01:30 UTC. On 4 April 02:30 is 00:30 UTC.
    await to('2027-03-28T01:29:58');
    expect(await quizzes()).toBe(2);
    await to('2027-03-28T01:30:02');
    expect(await quizzes()).toBe(3);
    await over();
    await to('2027-04-04T00:29:58');
    expect(await quizzes()).toBe(3);
    await to('2027-04-04T00:30:02');
    expect(await quizzes()).toBe(4);
    await over();
    await room.press('host', button(await room.say('host', '/quiz schedules').then(flat), 'Cancel'));
    await game.turn(8 * 24 * HOUR);
    expect(await quizzes()).toBe(4);
  });

  it('that a crash came upon is held a little late, and told as missed when it is too late', async () => {
    await to('2027-05-03T12:00:00');
    await room.say('host', `/quiz schedule single when:"18:00" ${ZONE} lobby:5`);
    // 16:00 UTC; the program comes back 20 minutes later.
    await reopen((Date.parse('2027-05-03T16:20:00Z') - game.clock.now()) / 1_000);
    expect(live()?.state.settings.topic).toBe('single');
    await over();
    await room.say('host', `/quiz schedule pair when:"Tuesday 18:00" ${ZONE} repeat:weekly`);
    await reopen((Date.parse('2027-05-04T19:00:00Z') - game.clock.now()) / 1_000);
    expect(live()).toBeUndefined();
    const told = room.posts.at(-1)!.reply;
    expect(toText(told)).toMatch(/I was away when the quiz of .*18:00 \(Europe\/Berlin\) was to start\./);
    await room.press('host', button(told, 'Start it now'));
    expect(live()?.state.settings.topic).toBe('pair');
    await over();
    await to('2027-05-11T16:00:01');
    expect(live()?.state.settings.topic).toBe('pair');
    await over();
    await cancelAll();
  });

  it('waits for the quiz that is on', async () => {
    await to('2027-06-01T12:00:00');
    await room.say('host', `/quiz schedule single when:"in 10 minutes" ${ZONE}`);
    await room.say('host', '/quiz start pair lobby:600');
    await game.turn(10 * 60 - 30);
    expect(live()?.state.settings.topic).toBe('pair');
    await game.turn(60);
    expect(await quizzes()).toBe(1);
    await over();
    await game.turn(30);
    expect(live()?.state.settings.topic).toBe('single');
    await over();
    expect(await game.count('schedules')).toBe(0);
  });

  it('a clock that was set back while the program was down repeats nothing', async () => {
    await to('2027-06-07T12:00:00');
    await room.say('host', `/quiz schedule single when:"in 1 hour" ${ZONE} repeat:weekly`);
    await game.turn(HOUR + 1);
    await over();
    await reopen(-2 * HOUR);
    await game.turn(3 * HOUR);
    expect(await quizzes()).toBe(1);
    await cancelAll();
  });

  it('a clock that was a month ahead puts no quiz off once it is right again', async () => {
    await to('2027-06-15T12:00:00');
    await room.say('host', `/quiz schedule single when:"Wednesday 18:00" ${ZONE} repeat:weekly`);
    await reopen(30 * 24 * HOUR);
    // Missed under the wrong clock; the next one is in the middle of July.
    await reopen(-30 * 24 * HOUR);
    await to('2027-06-16T15:59:00');
    expect(await quizzes()).toBe(0);
    await to('2027-06-16T16:00:01');
    expect(await quizzes()).toBe(1);
    await over();
    await to('2027-06-23T16:00:01');
    expect(await quizzes()).toBe(2);
    await over();
    await cancelAll();
  });

  it('a clock that was days behind holds nothing twice, and calls nothing missed that was held', async () => {
    await to('2027-06-28T12:00:00');
    await room.say('host', `/quiz schedule single when:"Wednesday 18:00" ${ZONE} repeat:weekly`);
    for (const day of ['2027-06-30', '2027-07-07']) {
      await to(`${day}T16:00:01`);
      expect(live()?.state.settings.topic).toBe('single');
      await over();
    }
    for (const days of [-6, 8]) {
      await reopen(days * 24 * HOUR);
      expect(room.posts).toEqual([]);
    }
    expect(await quizzes()).toBe(2);
    await to('2027-07-14T16:00:01');
    expect(await quizzes()).toBe(3);
    await over();
    await cancelAll();
  });

  it.each([
    [`when:"every 1 minute" ${ZONE}`, 'schedule-too-often'],
    [`when:"someday" ${ZONE}`, 'schedule-unknown-time'],
    [`when:"Friday" ${ZONE}`, 'schedule-needs-hour'],
    ['when:"Friday 18:00"', 'schedule-needs-zone'],
    ['when:"Friday 18:00" zone:Atlantis', 'unknown-zone'],
    ['', 'schedule-needs-when'],
    ['when:"every 1 minute"', 'schedule-too-often'],
  ])('that cannot be kept is refused: %s', async (typed, code) => {
    expect(errorOf(await room.say('host', `/quiz schedule ${typed}`))).toBe(code);
    expect(await game.count('schedules')).toBe(0);
  });

  it('takes the zone that a person has told, is told once, and is for its maker and managers', async () => {
    await room.say('ana', '/review zone:Asia/Shanghai');
    const line = '/quiz schedule single when:"Friday 18:00" repeat:weekly';
    await room.say('ana', line, 'delivery-1');
    const made = await room.say('ana', line, 'delivery-1');
    expect(toText(made)).toContain('18:00 (Asia/Shanghai)');
    expect(await game.count('schedules')).toBe(1);
    const list = flat(await room.say('ben', '/quiz schedules'));
    expect(errorOf(await room.press('ben', button(list, 'Cancel')))).toBe('schedule-host');
    expect(toText(await room.press('ana', button(list, 'Cancel')))).toContain('Cancelled: quiz on single');
    expect(errorOf(await room.press('ana', button(list, 'Cancel')))).toBe('stale-button');
  });
});

describe('a question of the day', () => {
  it('is open for a day beside the room’s quizzes, and revealed with the next', async () => {
    await to('2027-07-01T10:00:00');
    await room.say('host', `/quiz daily pair at:09:00 ${ZONE}`);
    expect(errorOf(await room.say('host', `/quiz daily at:10:00 ${ZONE}`))).toBe('schedule-daily-there');
    await to('2027-07-02T07:00:01');
    const first = board(room, 'Question of the day').reply;
    expect(buttonsOf(first).map(({ label }) => label)).toEqual(expect.arrayContaining(['A', 'B']));
    expect(buttonsOf(first).map(({ label }) => label)).not.toContain('Skip');
    const right = await rightOf(first);
    for (const user of ['ana', 'ben']) await room.press(user, right);
    // Everyone has answered, and it stays open; a quiz of the room runs beside it.
    await game.turn(60);
    expect(toText(await room.press('cy', right))).toContain('Recorded');
    await room.say('host', '/quiz start single lobby:5');
    await game.turn(6);
    expect(board(room, 'Question 1 of 1')).toBeDefined();
    await over();
    await reopen(HOUR);
    await to('2027-07-03T06:59:59');
    expect(room.posts.some(({ reply }) => toText(reply).includes('Answer to the question of the day'))).toBe(false);
    await to('2027-07-03T07:00:31');
    expect(toText(board(room, 'Answer to the question of the day').reply)).toContain('3 of 3 right');
    const second = board(room, 'Question of the day').reply;
    const asked = (reply: typeof first) => (reply.result as QuizResult).question?.id;
    expect(asked(second)).not.toBe(asked(first));
    expect(room.posts.some(({ reply }) => toText(reply).includes('Result'))).toBe(false);
    expect(await game.count(`answers where points = 1000 and quiz_id in (select id from quizzes where lane = 'daily')`)).toBe(3);
    // Who is forgotten is taken out of it, and the others are not.
    await room.press('ana', await rightOf(second));
    await room.press('ben', await rightOf(second));
    await game.program.services.learning.forget({ platform: 'terminal', space: room.ref.space, user_id: 'ana' });
    await game.turn(1);
    expect(toText(await room.press('ben', await rightOf(second)))).toContain('Recorded');
    await reopen(0);
    await to('2027-07-04T07:00:31');
    expect(toText(board(room, 'Answer to the question of the day').reply)).toContain('1 of 1 right');
    expect(await game.count(`quiz_events where event like '%"ana"%'`)).toBe(0);
    await cancelAll();
    await to('2027-07-06T07:00:31');
    expect(await game.count("quizzes where lane = 'daily' and finished_at is null")).toBe(0);
  });
});

describe('a quiz over days', () => {
  it('lets each answer alone and in any order, changes until the end, tells nothing before, and then everything', async () => {
    await to('2027-08-02T10:00:00');
    const opened = await room.say('host', `/quiz open pair until:"Thursday 20:00" ${ZONE}`);
    expect(toText(opened)).toMatch(/20:00 \(Europe\/Berlin\)/);
    await game.turn(1);
    const entry = board(room, 'Quiz at your own pace: pair').reply;
    expect(errorOf(await room.say('host', `/quiz open pair until:"Friday" ${ZONE}`))).toBe('quiz-open-running');
    const answer = button(entry, 'Answer');
    const ana = await room.press('ana', answer);
    expect(ana.visibility).toBe('private');
    expect(toText(ana)).toContain('Question 1 of 2');
    const next = await room.press('ana', await rightOf(ana));
    expect(toText(next)).toMatch(/Recorded for question 1: [A-C]\./);
    expect(toText(next)).toContain('Question 2 of 2');
    const done = await room.press('ana', await rightOf(next));
    expect(toText(done)).toContain('All your answers are in.');
    const ben = await room.press('ben', answer);
    await room.press('ben', await wrongOf(ben));
    // Days later, after a crash, ben changes his mind about the first one.
    await game.turn(24 * HOUR);
    await reopen(HOUR);
    const back = await room.press('ben', (await wrongOf(ben)).replace(/~\d$/, ''));
    expect(toText(back)).toContain('Your answer:');
    await room.press('ben', await rightOf(back));
    expect(JSON.stringify(room.posts.map(({ reply }) => reply))).not.toContain('Because of');
    expect(await game.count('review_log')).toBe(logged);
    await to('2027-08-05T17:59:58');
    expect(live()).toBeUndefined();
    await to('2027-08-05T18:00:05');
    expect(standings(room)).toEqual([
      ['ana', 2000],
      ['ben', 1000],
    ]);
    expect(toText(board(room, 'Answers to questions').reply)).toContain('Because of pair');
    expect(errorOf(await room.press('cy', answer))).toBe('quiz-not-here');
    expect(toText(await room.press('ben', button(board(room, 'Result').reply, 'My answers')))).toContain('✓');
    expect(await game.count('review_log')).toBe(logged + 3);
  });

  let logged = 0;
  beforeEach(async () => {
    logged = await game.count('review_log');
  });

  it('can be ended by who opened it, and counts what was answered', async () => {
    await room.say('ana', `/quiz open pair until:"in 3 days" ${ZONE}`);
    await game.turn(1);
    const entry = board(room, 'Quiz at your own pace').reply;
    const one = await room.press('ben', button(entry, 'Answer'));
    await room.press('ben', await rightOf(one));
    expect(errorOf(await room.press('ben', button(entry, 'End')))).toBe('quiz-host-only');
    const sure = await room.press('ana', button(entry, 'End'));
    await room.press('ana', button(sure, 'End it'));
    await game.turn(1);
    expect(standings(room)).toEqual([['ben', 1000]]);
  });
});

async function cancelAll(): Promise<void> {
  const { timetable } = game.program.services;
  for (const { id } of await timetable.list(room.ref)) await timetable.cancel(room.ref, id);
}

/** Rows have their buttons beside their text. */
function flat(reply: Awaited<ReturnType<Room['say']>>): typeof reply {
  const items = reply.blocks.flatMap((block) => (block.type === 'rows' ? block.items.map((row) => row.button!) : []));
  return { ...reply, blocks: [...reply.blocks, { type: 'buttons', items }] };
}

async function choicesOf(reply: { result?: unknown }): Promise<{ right: string[]; wrong: string[] }> {
  const { quizId, question } = reply.result as QuizResult & { question: { position: number; choices: { id: string }[] } };
  const row = await game.program.services.store.db
    .selectFrom('quiz_questions')
    .select(['question_id', 'instance'])
    .where('quiz_id', '=', quizId)
    .where('position', '=', question.position)
    .executeTakeFirstOrThrow();
  const right = rightPicks(game.question(row.question_id), JSON.parse(row.instance))!;
  return {
    right: right.map((i) => question.choices[i]!.id),
    wrong: question.choices.flatMap(({ id }, i) => (right.includes(i) ? [] : [id])),
  };
}
const rightOf = (reply: { result?: unknown }) => choicesOf(reply).then(({ right }) => right[0]!);
const wrongOf = (reply: { result?: unknown }) => choicesOf(reply).then(({ wrong }) => wrong[0]!);

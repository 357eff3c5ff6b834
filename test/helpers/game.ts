import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Reply } from '../../src/core/reply.ts';
import { toText } from '../../src/core/reply.ts';
import type { QuizResult } from '../../src/core/result.ts';
import { rightPicks } from '../../src/quiz/grade.ts';
import type { Question } from '../../src/quiz/question.ts';
import { createManualClock, type ManualClock } from './clock.ts';
import { type Program, startProgram } from './playground.ts';
import { buttonsOf, openRoom, type Posted, type Room } from './room.ts';
import { smallContent } from './small-content.ts';

const both = (words: string) => `{ en: "${words}", zh: "${words}" }`;
const choices = (...texts: [string, boolean][]) =>
  texts.map(([text, correct]) => `{ text: ${both(text)}, ${correct ? 'correct: true' : `why: ${both(`not ${text}`)}`} }`).join(', ');
const rest = (id: string) => `prompt: ${both(`Prompt of ${id}?`)}, explanation: ${both(`Because of ${id}.`)}`;
const KINDS: Record<string, string> = {
  single: `kind: single, choices: [${choices(['yes', true], ['no', false], ['perhaps', false])}]`,
  second: `kind: single, choices: [${choices(['red', false], ['green', true])}]`,
  multiple: `kind: multiple, choices: [${choices(['two', true], ['three', true], ['four', false])}]`,
  boolean: 'kind: boolean, answer: true',
  numeric: 'kind: numeric, answer: 0.25, tolerance: 0.01',
  term: 'kind: term, accept: { en: [batch normalization, BN], zh: [批归一化] }',
  ordering: `kind: ordering, items: [${both('first')}, ${both('next')}, ${both('last')}]`,
  chart: `kind: chart, demo: gradient-descent, params: { curvature: 10, rates: [0.05, 0.202] }, pick: largest, choices: [{ measure: "contraction:0.05", text: ${both('0.05')} }, { measure: "contraction:0.202", text: ${both('0.202')} }]`,
  read: 'kind: chart, demo: gradient-descent, params: { curvature: 10, rates: [0.05, 0.202] }, measure: "contraction:0.202", tolerance: 0.05',
  broken: 'kind: chart, demo: gradient-descent, params: {}, measure: "no-such-measure", tolerance: 0.1',
};

/** A content folder with a deck a kind of question, named like the kind. */
export function gameContent(): string {
  const decks = Object.entries(KINDS).map(([id, kind]) => [id, `title: ${id}\nquestions:\n  - { id: ${id}.one, ${kind}, ${rest(id)} }\n`]);
  const pair = ['single', 'second'].map((id) => `  - { id: pair.${id}, ${KINDS[id]}, ${rest(`pair ${id}`)} }\n`).join('');
  return smallContent({ ...Object.fromEntries(decks), pair: `title: pair\nquestions:\n${pair}` });
}

export interface Game {
  program: Program;
  clock: ManualClock;
  /** A fresh room of the same program, or a named one. */
  room(name?: string): Room;
  /** Turns the clock and waits for what is due then. */
  turn(seconds: number): Promise<void>;
  /** A quiz on one deck in a fresh room, running at its first question. */
  begin(topic?: string, more?: string): Promise<Room>;
  /** Rows of the database: `answer where …`. */
  count(from: string): Promise<number>;
  /** Starts the drawing worker, so that no clock is turned while it starts. */
  warm(): Promise<void>;
  question(id: string): Question;
  /** Opens the same file in a new program, so much later; the old one is closed first, or left as a crash leaves it. */
  reopen(options?: { later?: number; crashed?: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** A program over `gameContent`, with a clock to turn. */
export async function openGame(content = gameContent()): Promise<Game> {
  const folder = mkdtempSync(join(tmpdir(), 'game-'));
  const gone: Program[] = [];
  let rooms = 0;
  const open = async (now?: number): Promise<void> => {
    game.clock = createManualClock(now);
    game.program = await startProgram({ folder, clock: game.clock, freshSeed: () => 42, env: { CONTENT_DIR: content } });
    const { quiz, learning, gaps } = game.program.services;
    game.clock.idle = async () => {
      await learning.reminders.idle();
      await gaps.digest.idle();
      await quiz.idle();
    };
  };
  const game = {
    room: (name = `room-${++rooms}`) => openRoom(game.program.services, game.program.dispatch, name, `space-${name}`),
    turn: (seconds) => game.clock.advance(seconds * 1000),
    async begin(topic = 'ordering', more = '') {
      const room = game.room();
      await room.say('host', `/quiz start topic:${topic} lobby:0 seconds:30 ${more}`);
      await game.turn(0.1);
      return room;
    },
    async count(from) {
      const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.raw(from)}`.execute(game.program.services.store.db);
      return rows[0]!.n;
    },
    async warm() {
      const axes = { x: { label: '', categories: ['a'] }, y: { label: '' } };
      const groups = [{ name: 'a', values: [1] }];
      await game.program.services.demos.chart('warm', { type: 'bars', title: 'warm', alt: 'warm', ...axes, groups });
    },
    question: (id) => game.program.services.notes.content().questions.get(id)!,
    async reopen({ later = 0, crashed = false } = {}) {
      if (crashed) {
        gone.push(game.program);
        // Its time is over: nobody waits for that here.
        await game.program.services.cluster?.stop();
      } else await game.program.close();
      await open(game.clock.now() + later);
    },
    async close() {
      for (const program of [...gone, game.program]) await program.close();
    },
  } as Game;
  await open();
  return game;
}

/** The last message that the bot posted with this heading, as it looks now. */
export function board({ posts }: Room, heading: string | RegExp): Posted {
  const found = posts.filter(({ reply }) => reply.blocks.some((block) => block.type === 'heading' && block.text.match(heading)));
  if (found.length === 0)
    throw new Error(`nothing is headed ${heading}; there are: ${posts.map(({ reply }) => toText(reply).split('\n')[0]).join(' | ')}`);
  return found.at(-1)!;
}

/** The button with this label under a message. */
export function button({ blocks, visibility }: Reply, label: string): string {
  const buttons = buttonsOf({ blocks, visibility });
  const found = buttons.find((one) => one.label === label);
  if (!found) throw new Error(`no button ${label}; there are: ${buttons.map((one) => one.label).join(', ')}`);
  return found.id;
}

/** Buttons of the open question: `right` in the order to press them, and the others. */
export function picks(game: Game, room: Room, heading?: string): { right: string[]; wrong: string[]; position: number } {
  const live = game.program.services.quiz.inRoom(room.ref)!;
  const { position } = live.state;
  const { questionId, instance } = live.stored.questions[position]!;
  const question = game.question(questionId);
  const { choices: shown } = (board(room, heading ?? `Question ${position + 1} of`).reply.result as QuizResult).question as {
    choices: { id: string }[];
  };
  const right = rightPicks(question, instance) ?? [];
  return { right: right.map((i) => shown[i]!.id), wrong: shown.filter((_, i) => !right.includes(i)).map(({ id }) => id), position };
}

export function standings(room: Room): [string, number][] {
  const { standings: rows = [] } = board(room, 'Result').reply.result as QuizResult;
  return rows.map(({ user, score }) => [user.name, score]);
}

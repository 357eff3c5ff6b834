import { parse } from 'yaml';
import { UserError } from '../core/errors.ts';
import { detectLocale, LOCALES, type Locale } from '../core/locale.ts';
import type { RoomRef, User } from '../core/request.ts';
import type { Saved } from '../own-notes/service.ts';
import type { Services } from '../services.ts';
import { findsTopic } from './collisions.ts';
import { itemFrom } from './item.ts';
import type { Written } from './present.ts';

type Deps = Pick<Services, 'gaps' | 'ownNotes'>;

/** Open questions that are looked at again once there is a new answer. */
const LOOKED_AT = 60;
const MAX_WAYS = 20;

/** The answer that a manager wrote, published; and whether it is found, and nothing else is lost for it. */
export async function writeAnswer({ gaps, ownNotes }: Deps, room: RoomRef, user: User, id: number, answer: string): Promise<Written> {
  const family = await gaps.family(room, id);
  if (!family) throw new UserError('gap-gone', { number: id });
  const [question = family.question, ...paraphrases] = family.wordings;
  const locale = detectLocale(answer) ?? family.locale;
  const by = { id: user.id, name: user.name };
  const result = await publish({ gaps, ownNotes }, room, [question, ...paraphrases], answer, () =>
    ownNotes.publishAnswer(room, { question, paraphrases, answer, locale, by }),
  );
  await gaps.close(room, id, result.topic);
  return { ...result, question, others: await closeOthers({ gaps, ownNotes }, room, result.topic) };
}

/** Other ways of asking for an answer that was written: one a line. Each is tried before it is added, and after. */
export async function addWays({ gaps, ownNotes }: Deps, room: RoomRef, user: User, topic: string, typed: string): Promise<Written> {
  const own = await ownAnswer({ ownNotes }, room, topic);
  const ways = typed
    .split(/\n|；；|;;/)
    .map((line) => line.replace(/^\s*[-*•]\s+/, '').trim())
    .filter(Boolean);
  const [question = topic, ...before] = own.questions;
  const paraphrases = [...new Set([...before, ...ways])].slice(0, MAX_WAYS);
  const by = { id: user.id, name: user.name };
  const result = await publish({ gaps, ownNotes }, room, [question, ...paraphrases], own.answer, () =>
    ownNotes.publishAnswer(room, { question, paraphrases, answer: own.answer, locale: own.locale, by, replaces: topic }),
  );
  return { ...result, question, others: await closeOthers({ gaps, ownNotes }, room, topic) };
}

/** A quiz item about an answer that was written. @returns its kind */
export async function makeItem(
  { ownNotes }: Pick<Deps, 'ownNotes'>,
  room: RoomRef,
  user: User,
  topic: string,
  typed: string,
): Promise<{ kind: string; topic: string }> {
  const own = await ownAnswer({ ownNotes }, room, topic);
  const item = itemFrom(own.questions[0] ?? topic, own.answer, typed, own.locale);
  await ownNotes.publishQuestions(room, topic, [item], { id: user.id, name: user.name });
  return { kind: item.kind, topic };
}

async function publish({ gaps, ownNotes }: Deps, room: RoomRef, questions: readonly string[], answer: string, write: () => Promise<Saved>) {
  const { written, collisions, checked } = await gaps.collisions(room, [...questions, answer], write, (saved) => saved.topic);
  return { topic: written.topic, collisions, checked, ...findsTopic(ownNotes, room, written.topic, questions) };
}

/** Open questions that the new answer answers too are open no longer. */
async function closeOthers({ gaps, ownNotes }: Deps, room: RoomRef, topic: string): Promise<number> {
  let closed = 0;
  for (const family of await gaps.open(room, LOOKED_AT)) {
    const outcome = ownNotes.search(room, family.question);
    if (outcome.kind !== 'answer' || outcome.hit.topic.id !== topic) continue;
    await gaps.close(room, family.id, topic);
    closed++;
  }
  return closed;
}

async function ownAnswer(
  { ownNotes }: Pick<Deps, 'ownNotes'>,
  room: RoomRef,
  topic: string,
): Promise<{ questions: string[]; answer: string; locale: Locale }> {
  for (const locale of LOCALES) {
    const note = await ownNotes.get(room, { topic, kind: 'answer', locale });
    const [, front, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(note?.text ?? '') ?? [];
    if (front === undefined || body === undefined) continue;
    const { questions = [] } = parse(front) as { questions?: string[] };
    return { questions, answer: body.trim(), locale };
  }
  throw new UserError('stale-button');
}

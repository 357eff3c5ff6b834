import { randomBytes } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { UserError } from '../core/errors.ts';
import { squeeze } from '../notes/analyse.ts';
import type { Content } from '../notes/content.ts';
import { propose } from '../notes/import/propose.ts';
import type { Services } from '../services.ts';
import { createLayers } from './layers.ts';
import { createManagers } from './managers.ts';
import { noteFile } from './note-file.ts';
import { createRepository } from './repository.ts';
import type { AnswerDraft, NewQuestion, NoteDraft, NoteKey, OwnNotes, Space } from './service.ts';
import { createSource } from './source.ts';

export type OwnNotesDeps = Pick<Services, 'store' | 'clock' | 'log' | 'notes'>;

/** Longer phrasings are paragraphs; they become headings and buttons. */
export const MAX_PHRASING = 200;
/** A message of Discord at its longest. */
export const MAX_ANSWER_TEXT = 4_000;

/** Notes that spaces write themselves, in the store. */
export function createOwnNotes({ store, clock, log, notes }: OwnNotesDeps): OwnNotes {
  const repository = createRepository(store.db, clock);
  const source = createSource(store);
  const layers = createLayers(source, notes, log);
  /** Who has just changed something reads it. */
  const readAnew = async <T>(space: Space, changing: Promise<T>): Promise<T> => {
    const changed = await changing;
    await source.ready(space);
    return changed;
  };
  const save: OwnNotes['save'] = (space, ...what) => readAnew(space, repository.save(space, ...what));

  const answerDraft = async (space: Space, answer: AnswerDraft): Promise<NoteDraft> => {
    const [question = '', ...paraphrases] = [answer.question, ...answer.paraphrases].map(inOneLine).filter((text) => text !== '');
    const body = answer.answer.trim();
    if (inOneLine(answer.question) === '' || body === '') throw new UserError('note-part-missing');
    const longest = Math.max(...[question, ...paraphrases].map((text) => text.length));
    if (longest > MAX_PHRASING) throw new UserError('note-question-long', { limit: MAX_PHRASING, length: longest });
    if (body.length > MAX_ANSWER_TEXT) throw new UserError('note-answer-long', { limit: MAX_ANSWER_TEXT, length: body.length });
    const all = await repository.list(space);
    const same = all.find(({ kind, title }) => kind === 'answer' && squeeze(title) === squeeze(question));
    const topic =
      answer.replaces ?? same?.topic ?? freeId(propose(question).id, layers.of(space).content(), new Set(all.map((one) => one.topic)));
    const questions = [...new Map([question, ...paraphrases].map((text) => [squeeze(text), text])).values()];
    const related = answer.topic && layers.of(space).topic(answer.topic) ? [answer.topic] : [];
    const text = noteFile({ title: question, questions, related, body, kind: 'answer' });
    return { topic, kind: 'answer', locale: answer.locale, title: question, text, said: answer.source };
  };

  const get: OwnNotes['get'] = (space, key, version) => repository.get(space, key, version);

  const publishQuestions = async (space: Space, topic: string, added: readonly NewQuestion[], by: AnswerDraft['by']) => {
    const key: NoteKey = { topic, kind: 'quiz', locale: 'en' };
    const before = await repository.get(space, key);
    const { questions } = (before ? parse(before.text) : { questions: [] }) as { questions: unknown[] };
    // Ids are keys of what people have learnt, in every space alike: none may stand twice.
    const all = [...questions, ...added.map((question) => ({ id: `own-${randomBytes(6).toString('hex')}`, ...question }))];
    const text = stringify({ questions: all }, { lineWidth: 0 });
    const [saved] = await save(space, [{ ...key, title: topic, text }], by, { publish: true });
    return saved!;
  };

  const saveAnswer = async (space: Space, answer: AnswerDraft, publish: boolean) => {
    const [saved] = await save(space, [await answerDraft(space, answer)], answer.by, { publish });
    return saved!;
  };

  return {
    managers: createManagers(store.db),
    shipped: notes,
    ready: source.ready,
    of: layers.of,
    search: (space, question) => layers.of(space).ask(question),
    save,
    publishAnswer: (space, answer) => saveAnswer(space, answer, true),
    draftAnswer: (space, answer) => saveAnswer(space, answer, false),
    publishQuestions,
    async publish(space, key, version, by) {
      const found = await get(space, key, version);
      if (!found) throw new UserError('stale-button');
      if (found.waits) throw new UserError('note-needs-consent', { name: found.said?.by.name ?? '—' });
      await readAnew(space, repository.publish(space, key, version, by, titleIn(found.text) ?? found.title));
    },
    async consent(space, batch, by) {
      if (!(await readAnew(space, repository.consent(space, batch, by)))) throw new UserError('stale-button');
    },
    list: (space) => repository.list(space),
    get,
    ofTopic: (space, topic) => repository.list(space, topic),
    history: (space, topic) => repository.versions(space, { topic }),
    batch: (space, batch) => repository.versions(space, { batch }),
    discard: (space, batch) => readAnew(space, repository.discard(space, batch)),
    withdraw: (space, topic) => readAnew(space, repository.withdraw(space, topic)),
    close: layers.close,
  };
}

/** The proposed id, or the first of `id-2`, `id-3`, … that the space does not know yet. */
export function freeId(id: string, content: Content, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? id : `${id}-${n}`;
    if (!taken.has(candidate) && !content.topics.has(candidate) && !content.decks.has(candidate)) return candidate;
  }
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function titleIn(text: string): string | undefined {
  const front = /^---\n([\s\S]*?)\n---/.exec(text)?.[1];
  const title = front === undefined ? undefined : (parse(front) as { title?: unknown }).title;
  return typeof title === 'string' ? title : undefined;
}

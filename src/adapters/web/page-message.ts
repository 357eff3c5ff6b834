import { formulasToUnicode } from '../../core/latex.ts';
import type { Block } from '../../core/reply.ts';
import type { AnswerResult, DemoResult, QuizResult, Result } from '../../core/result.ts';
import type { WebMessageRow } from '../../store/web-rows.ts';
import { markdownToHtml } from './html.ts';
import { notePath } from './note-path.ts';
import type { QuizPart } from './page/lib/wire.ts';

/** A message as the page receives it. */
export interface PageMessage {
  id: string;
  /** Its place in the room; never changes. */
  seq: number;
  /** Grows with every change of any message. */
  revision: number;
  at: number;
  author: { id: string; name: string; bot: boolean };
  private: boolean;
  /** What a person typed. */
  text?: string;
  /** What the bot says; Markdown blocks carry their HTML, files a link. */
  blocks?: unknown[];
  /** The numbers behind an experiment's chart. */
  demo?: Pick<DemoResult, 'demo' | 'params' | 'seed' | 'series' | 'measures' | 'names' | 'checks'>;
  /** Where the page shows all that the note says, open at what is shown here. */
  note?: string;
  quiz?: QuizPart;
}

interface StoredReply {
  blocks: Block[];
  result?: Result;
}

export function toPage(row: WebMessageRow): PageMessage {
  const { id, seq, revision, at } = row;
  const author = { id: row.author_id, name: row.author_name, bot: row.bot === 1 };
  const head = { id, seq, revision, at, author, private: row.audience !== null };
  if (row.bot === 0) return { ...head, text: row.body };
  const { blocks, result } = JSON.parse(row.body) as StoredReply;
  const more = isDemo(result)
    ? { demo: numbersOf(result) }
    : isQuiz(result)
      ? { quiz: quizOf(result, id) }
      : isAnswer(result)
        ? { note: notePath(result.topic, result.unit) }
        : isPath(result)
          ? { note: `${notePath(result.path.at(-1)!)}#learning-path` }
          : {};
  return { ...head, blocks: toPageBlocks(blocks, id), ...more };
}

/** Blocks (images placed already) with what the page needs to draw them. */
export function toPageBlocks(blocks: unknown, message: string): unknown[] {
  return (blocks as Block[]).map((block, index) => {
    if (block.type === 'markdown') return { ...block, html: markdownToHtml(block.text) };
    // Plain text, in which nothing draws a formula.
    if (block.type === 'note') return { ...block, text: formulasToUnicode(block.text) };
    if (block.type === 'rows') return { ...block, items: block.items.map((item) => ({ ...item, html: inlineHtml(item.text) })) };
    if (block.type === 'sources') return { ...block, items: block.items.filter(({ url }) => /^https?:/.test(url)) };
    // A file may be large: the page gets a link to it.
    if (block.type === 'file') return { type: 'file', name: block.name, url: `/files/${encodeURIComponent(message)}/${index}` };
    return block;
  });
}

export function blocksOf(row: WebMessageRow): Block[] {
  return (JSON.parse(row.body) as StoredReply).blocks;
}

function isAnswer(result: Result | undefined): result is AnswerResult & { topic: string; unit: string } {
  return result?.kind === 'answer' && typeof result.topic === 'string' && typeof result.unit === 'string';
}

function isPath(result: Result | undefined): result is Result & { path: string[] } {
  return result?.kind === 'info' && Array.isArray(result.path) && result.path.length > 0 && Array.isArray(result.next);
}

function isDemo(result: Result | undefined): result is DemoResult {
  return result?.kind === 'demo';
}

function numbersOf({ demo, params, seed, series, measures, names, checks }: DemoResult): NonNullable<PageMessage['demo']> {
  return { demo, params, seed, series, measures, names, checks };
}

function isQuiz(result: Result | undefined): result is QuizResult {
  return result?.kind === 'quiz';
}

function quizOf({ quizId, state, question = {}, ...more }: QuizResult, message: string): QuizPart {
  const { kind, position, total, deadline, right, picks, choices } = question as Partial<Omit<QuizPart, 'choices'>> & {
    choices?: { id: string; label: string }[];
  };
  const { pace, answered, players, split, verdict } = more as Partial<QuizPart>;
  const inHtml = (markdown: string | undefined) => (markdown === undefined ? undefined : inlineHtml(markdown));
  const said = {
    pace,
    kind,
    position,
    total,
    answered,
    players,
    deadline: deadline ?? (more as Partial<QuizPart>).deadline,
    picks,
    split,
    verdict: verdict && { ...verdict, answer: inHtml(verdict.answer), right: inHtml(verdict.right) },
  };
  return {
    id: quizId,
    state,
    ...(message.startsWith(`${quizId}:`) && { board: message.slice(quizId.length + 1) }),
    ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Partial<QuizPart>),
    ...(right !== undefined && { right: inlineHtml(right) }),
    // A button holds a line, not a paragraph.
    choices: (choices ?? []).map(({ id, label }) => ({ id, html: inlineHtml(label) })),
    ordered: kind === 'ordering',
  };
}

/** Markdown of one line, without the paragraph around it. */
function inlineHtml(text: string): string {
  return markdownToHtml(text).replaceAll(/<\/?p>/g, '');
}

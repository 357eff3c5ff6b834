import { displayWidth } from '../core/reply.ts';
import { termsOf, weighted } from './terms.ts';

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });
/** Sentences that are shown of a section. */
const SHOWN = 3;
/** A later start must hold this much more of the question than the beginning to be worth it. */
const GAIN = 1.15;

/** Sentences of Markdown; formulas, and abbreviations inside brackets, are not torn apart. */
export function sentencesOf(text: string): string[] {
  const done: string[] = [];
  let open = '';
  for (const { segment } of sentences.segment(text.replace(/\s+/g, ' '))) {
    open += segment;
    if (isWhole(open)) {
      done.push(open.trim());
      open = '';
    }
  }
  if (open.trim() !== '') done.push(open.trim());
  return done;
}

function isWhole(text: string): boolean {
  const dollars = text.match(/(?<!\\)\$/g)?.length ?? 0;
  const count = (mark: RegExp) => text.match(mark)?.length ?? 0;
  return (
    dollars % 2 === 0 &&
    count(/[(（]/g) <= count(/[)）]/g) &&
    !/(?:\be\.g|\bi\.e|\bcf|\bvs|\bet al|\bFig|\bEq)\.\s*$/.test(text) &&
    /[.!?。！？…”’"')\]]\s*$/.test(text)
  );
}

/** “Yes.” says nothing by itself. */
const TELLING = 30;

/** The first sentence, whole, for a line about something; a second one where the first is but a word or two. */
export function firstSentence(text: string): string {
  const all = sentencesOf(text.split(/\n\s*\n/)[0] ?? '');
  const isShort = displayWidth(all[0] ?? '') < TELLING && all.length > 1;
  return joined(all.slice(0, isShort ? 2 : 1));
}

/** As many whole sentences from the beginning as `room` columns hold, at least the first; a text of lists and code as its first paragraph. */
export function beginning(text: string, room: number): string {
  if (displayWidth(text) <= room) return text;
  const [first = ''] = text.split(/\n\s*\n/);
  let told = firstSentence(first);
  const all = sentencesOf(first);
  for (let count = 2; count <= all.length; count++) {
    const longer = joined(all.slice(0, count));
    if (displayWidth(longer) > room) break;
    told = longer.length > told.length ? longer : told;
  }
  return told;
}

/** Sentences in a row; Chinese ones have no space between. */
function joined(all: readonly string[]): string {
  return all.join(/\p{Script=Han}/u.test(all.join('')) ? '' : ' ');
}

/**
 * The one to three neighbouring sentences of a section that hold most of the question. Code and lists are not torn:
 * a section that has them is shown from its beginning.
 * @returns `whole`: nothing of the section is left out
 */
export function excerptOf(body: string, question: ReadonlyMap<string, number>): { text: string; whole: boolean } {
  if (/^\s*(?:```|[-*] |\d+\. |\|)/m.test(body)) {
    const [first = '', ...others] = body.split(/\n\s*\n/);
    // A sentence that leads to a list says nothing without it.
    const text = /[:：]\s*$/.test(first) && others[0] !== undefined ? `${first}\n\n${others[0]}` : first;
    return { text, whole: text.trim() === body.trim() };
  }
  const all = sentencesOf(body);
  if (all.length <= SHOWN) return { text: body, whole: true };
  const held = all.map((sentence) => {
    const terms = weighted(termsOf(sentence));
    let sum = 0;
    for (const [term, weight] of question) if (terms.has(term)) sum += weight;
    return sum;
  });
  const sumFrom = (start: number) => held.slice(start, start + SHOWN).reduce((a, b) => a + b, 0);
  let best = 0;
  for (let start = 1; start + SHOWN <= all.length; start++) if (sumFrom(start) > sumFrom(best) * (best === 0 ? GAIN : 1)) best = start;
  return { text: joined(all.slice(best, best + SHOWN)), whole: false };
}

import { crc32 } from 'node:zlib';
import { squeeze } from './analyse.ts';
import type { AnsweredQuestion, Topic } from './content.ts';
import { answerUnit, type Prepared } from './prepare.ts';
import { subjectOf } from './unit-vectors.ts';

/**
 * Finds the unit, topic and id, of a phrasing that an author wrote down, however it is spelt; the last one where several
 * have it. The phrasings themselves stand in the topics already: kept here are checksums, a sixth of what they take.
 */
export function createWritten(topics: readonly Topic[]): (text: string) => string | undefined {
  const answers: { unit: string; answer: AnsweredQuestion }[] = [];
  /** Numbers of answers by checksum, the last one last. */
  const holders = new Map<number, number | number[]>();
  for (const { id, answers: own } of topics)
    for (const answer of own) {
      const number = answers.push({ unit: `${id}${answerUnit(answer.id)}`, answer }) - 1;
      for (const sum of new Set(asksOf(answer).map((ask) => checksum(squeeze(ask))))) {
        const before = holders.get(sum);
        holders.set(sum, before === undefined ? number : [before, number].flat());
      }
    }
  return (text) => {
    const asked = squeeze(text);
    const numbers = [holders.get(checksum(asked)) ?? []].flat();
    const found = numbers.findLast((number) => asksOf(answers[number]!.answer).some((ask) => squeeze(ask) === asked));
    return found === undefined ? undefined : answers[found]!.unit;
  };
}

/**
 * Finds the unit, topic and id, that is asked for as what a thing is: 什么是交并比 and 交并比是什么 are one question.
 * A thing that several units are so asked for is none's own.
 */
export function createDefined(prepared: ReadonlyMap<string, Prepared>): (subject: string) => string | undefined {
  const units = new Map<string, string | undefined>();
  for (const [topic, { units: own }] of prepared)
    for (const { id, asks } of own) {
      if (!id.startsWith('?')) continue;
      for (const { terms, kinds } of asks) {
        if (kinds.length !== 1 || kinds[0] !== 'what') continue;
        const subject = subjectOf(terms);
        const unit = `${topic}${id}`;
        units.set(subject, units.has(subject) && units.get(subject) !== unit ? undefined : unit);
      }
    }
  units.delete('');
  return (subject) => units.get(subject);
}

function asksOf({ ask }: AnsweredQuestion): string[] {
  return Object.values(ask).flat();
}

/** Half of it, which V8 keeps without a heap object. */
function checksum(text: string): number {
  return crc32(text) >>> 2;
}

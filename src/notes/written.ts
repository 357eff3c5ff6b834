import { crc32 } from 'node:zlib';
import { squeeze } from './analyse.ts';
import type { AnsweredQuestion, Topic } from './content.ts';
import { answerUnit } from './prepare.ts';

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

function asksOf({ ask }: AnsweredQuestion): string[] {
  return Object.values(ask).flat();
}

/** Half of it, which V8 keeps without a heap object. */
function checksum(text: string): number {
  return crc32(text) >>> 2;
}

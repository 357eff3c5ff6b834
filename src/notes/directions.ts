// Which of two sides is said to be better: “training loss lower than validation loss” and the opposite are the same words.

/** What a clause compares, in order. */
const MARKS = new RegExp(
  [
    String.raw`(?<fitted>\btrain(?:ing|ed)?\b|训练)`,
    String.raw`(?<unseen>\b(?:val|validation|test|testing|dev|eval|evaluation|hold-?out|held-?out)\b|验证|测试)`,
    String.raw`(?<less>\b(?:lower|less|smaller|below|under)\b|[<＜]|低于|小于|[低小少])`,
    String.raw`(?<more>\b(?:higher|greater|larger|bigger|above|exceeds?)\b|[>＞]|高于|大于|超过|[高大])`,
    String.raw`(?<better>\bbetter\b|好于|优于|好)`,
    String.raw`(?<worse>\bworse\b|差于|不如|(?<![误方残偏])差(?![别异距]))`,
    '(?<than>比)',
  ].join('|'),
  'g',
);
const CLAUSES = /[.?!;,。？！；，]\s/;
const SCORE = /\bacc\b|accura|score|auc|\bf1\b|recall|performance|准确|正确率|精度|得分|分数|效果|表现/;
const ERROR = /loss|err|perplexity|mse|损失|误差|错误率|困惑度/;
/** Words that no text holds. */
const TERM = { better: 'qqdbetter', worse: 'qqdworse' };

/** Terms for a text (in lower case) that sets unseen data against the data that was trained on: does the model do better there, or worse? */
export function directionsIn(text: string): string[] {
  if (!/train|训练/.test(text)) return [];
  const found = text.split(CLAUSES).flatMap((clause) => {
    const marks = [...clause.matchAll(MARKS)].map(({ groups }) => Object.entries(groups!).find(([, part]) => part !== undefined)![0]);
    const sides = marks.flatMap((mark, at) => (mark === 'fitted' || mark === 'unseen' ? [{ mark, at }] : []));
    const second = sides.find(({ mark }) => mark !== sides[0]!.mark);
    if (!second) return [];
    const first = sides.findLast(({ at }) => at < second.at)!;
    const isChinese = marks.slice(first.at, second.at).includes('than');
    const said = (isChinese ? marks.slice(second.at) : marks.slice(first.at, second.at)).find((mark) => mark in SAID) as Said | undefined;
    const better = said && isBetter(said, clause);
    return better === undefined ? [] : [better === (first.mark === 'unseen') ? TERM.better : TERM.worse];
  });
  return [...new Set(found)];
}

const SAID = { less: true, more: true, better: true, worse: true };
type Said = keyof typeof SAID;

/** Whether what is so compared does better; undefined where the text does not say of what. */
function isBetter(said: Said, clause: string): boolean | undefined {
  if (said === 'better' || said === 'worse') return said === 'better';
  if (ERROR.test(clause) === SCORE.test(clause)) return undefined;
  return SCORE.test(clause) === (said === 'more');
}

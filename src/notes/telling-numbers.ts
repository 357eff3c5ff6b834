/** What a number in a symptom says, in the words in which the notes speak of it. */
const GUESSING = '10 percent 50 percent guessing 瞎蒙';
const CLASSES = [2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50, 100, 1000];
/** Numbers are typed rounded or cut. */
const NEAR = 0.006;

const LOSS = /loss|entropy|损失|交叉熵/i;
const ACCURACY = /\bacc\b|accura|准确|正确率|精度/i;
const STUCK =
  /stuck|stay|remain|always|constant|only|never|flat|still|not (?:chang|improv|mov)|around|左右|一直|不变|不动|卡|停在|始终|总是|只有|没有变|仍/i;

/**
 * Reads numbers as people report them: a loss that stays at ln n (0.693, 2.303) or an accuracy at 1/n (50 %, 0.1, 16.67 %)
 * is that of guessing among n classes.
 * @param isKnown do the notes speak of these digits? Others would stand in the way of what they mean.
 * @returns the question with what its numbers say
 */
export function readNumbers(text: string, isKnown: (digits: string) => boolean): string {
  if (!STUCK.test(text)) return text;
  return text.replace(/(\d+(?:\.\d+)?)\s*([%％]?)/g, (written, digits: string, percent: string) => {
    const value = percent ? Number(digits) / 100 : Number(digits);
    const isLoss = LOSS.test(text) && /\.\d\d/.test(digits) && CLASSES.some((n) => Math.abs(value - Math.log(n)) < NEAR);
    const isAccuracy = ACCURACY.test(text) && (percent || value < 1) && CLASSES.some((n) => Math.abs(value * n - 1) < NEAR);
    if (!isLoss && !isAccuracy) return written;
    return isKnown(digits.split('.').at(-1)!) && isLoss ? `${written} ${GUESSING} ` : ` ${GUESSING} `;
  });
}

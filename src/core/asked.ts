import type { Reply } from './reply.ts';

const QUESTION =
  /[?？]\s*$|^(?:and |so |but |ok,? )?(?:what|why|how|when|which|who|where|is|are|was|does|do|did|can|could|should|would|explain|tell me)\b|什么|为何|怎[么样]|如何|吗|呢|哪|多少|是不是|能不能|会不会|区别|解释|讲讲/iu;

/** Whether a message that names nobody is likely a question, rather than talk between people. */
export function isQuestion(text: string): boolean {
  return QUESTION.test(text.trim());
}

/** What was said to nobody by name. */
export interface Overheard {
  question: boolean;
  /** It stands below the board of a quiz: it is an answer to it, or none of our business. */
  board?: boolean;
}

/**
 * Whether a reply belongs below what was said to nobody. Among people who talk, only what was asked is answered, and
 * what the notes surely know of what the asker says: the closest to “see you tomorrow” is of no use to anybody.
 */
export function isWelcome({ result }: Reply, { question }: Overheard): boolean {
  return question || (result?.kind === 'answer' && result.outcome === 'answer');
}

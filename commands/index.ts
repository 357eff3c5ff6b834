import { createRegistry } from '../src/core/command.ts';
import answer from './answer.ts';
import ask from './ask.ts';
import demo from './demo.ts';
import explain from './explain.ts';
import help from './help.ts';
import lang from './lang.ts';
import privacy from './privacy.ts';
import quiz from './quiz.ts';
import scores from './scores.ts';
import season from './season.ts';
import topics from './topics.ts';

/** Every command, one line each; a test compares it with the folder. */
export const registry = createRegistry([explain, ask, topics, demo, quiz, answer, scores, season, privacy, lang, help]);

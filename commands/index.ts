import { createRegistry } from '../src/core/command.ts';
import answer from './answer.ts';
import help from './help.ts';
import lang from './lang.ts';
import quiz from './quiz.ts';
import scores from './scores.ts';

/** Every command, one line each; a test compares it with the folder. */
export const registry = createRegistry([quiz, answer, scores, lang, help]);

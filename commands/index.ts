import { createRegistry } from '../src/core/command.ts';
import answer from './answer.ts';
import ask from './ask.ts';
import classView from './class.ts';
import demo from './demo.ts';
import explain from './explain.ts';
import exportData from './export.ts';
import forgetMe from './forget-me.ts';
import gaps from './gaps.ts';
import help from './help.ts';
import lang from './lang.ts';
import link from './link.ts';
import notes from './notes.ts';
import privacy from './privacy.ts';
import progress from './progress.ts';
import quiz from './quiz.ts';
import review from './review.ts';
import scores from './scores.ts';
import season from './season.ts';
import settings from './settings.ts';
import topics from './topics.ts';

/** Every command, one line each; a test compares it with the folder. */
export const registry = createRegistry([
  explain,
  ask,
  topics,
  demo,
  quiz,
  answer,
  review,
  progress,
  scores,
  season,
  notes,
  classView,
  gaps,
  settings,
  privacy,
  lang,
  link,
  exportData,
  forgetMe,
  help,
]);

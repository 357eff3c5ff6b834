import type { Migration } from 'kysely/migration';
import * as locales from './001-locales.ts';
import * as quiz from './004-quiz.ts';
import * as web from './005-web.ts';
import * as seasons from './006-seasons.ts';
import * as learn from './007-learn.ts';
import * as predictions from './008-predictions.ts';
import * as slack from './009-slack.ts';
import * as discord from './010-discord.ts';
import * as persons from './011-persons.ts';
import * as messages from './012-messages.ts';
import * as ownNotes from './013-own-notes.ts';
import * as teaching from './015-teaching.ts';
import * as gaps from './016-gaps.ts';
import * as timetable from './017-timetable.ts';
import * as quizCodes from './018-quiz-codes.ts';
import * as processes from './019-processes.ts';
import * as roles from './020-roles.ts';
import * as lab from './021-lab.ts';

/** In order; names never change once released. */
export const migrations: Record<string, Migration> = {
  '001-locales': locales,
  '004-quiz': quiz,
  '005-web': web,
  '006-seasons': seasons,
  '007-learn': learn,
  '008-predictions': predictions,
  '009-slack': slack,
  '010-discord': discord,
  '011-persons': persons,
  '012-messages': messages,
  '013-own-notes': ownNotes,
  '015-teaching': teaching,
  '016-gaps': gaps,
  '017-timetable': timetable,
  '018-quiz-codes': quizCodes,
  '019-processes': processes,
  '020-roles': roles,
  '021-lab': lab,
};

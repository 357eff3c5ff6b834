// `npm run quiz -- report`: how each question does, for those who write them.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../src/config.ts';
import { LOCALES } from '../src/core/locale.ts';
import { tableToText } from '../src/core/reply.ts';
import { type Flag, type ItemReport, itemReport, SHOWN_FROM } from '../src/learn/item-report.ts';
import { loadContent } from '../src/notes/load.ts';
import { openStore } from '../src/store/database.ts';
import { oneOf } from './one-of.ts';

const HELP = `npm run quiz -- report [options]

How each question does on people who meet it for the first time, in quizzes and reviews. Nothing is shown for
questions that fewer than ${SHOWN_FROM} people have met.

  --topic ID        only this topic or deck
  --json            machine-readable
  --locale en|zh    language of prompts and choices (default: en)
  --db FILE         database (default: DATABASE_FILE)
  --content DIR     content folder

facility: mean credit, good between .30 and .80. discrimination: correlation with the rest of a person's answers,
good from .25, suspicious below .10; a negative one often means a wrong key.
`;

const MEANING: Record<Flag, string> = {
  'too-hard': 'fewer than 30 % have it right',
  'too-easy': 'more than 80 % have it right',
  weak: 'hardly tells those who know from those who do not',
  negative: 'those who know the rest get this one wrong: look at the key and the wording',
  'unused-choice': 'a wrong choice that fewer than 5 % take',
  'wrong-choice-leads': 'a wrong choice is taken more often than the right one',
};

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      topic: { type: 'string' },
      json: { type: 'boolean', default: false },
      locale: { type: 'string' },
      db: { type: 'string' },
      content: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = readConfig(process.env);
  const file = values.db ?? config.databaseFile;
  if (!existsSync(file)) throw new ConfigError(`There is no database ${file}. Set DATABASE_FILE, or name one with --db.`);
  const content = loadContent(values.content ?? config.contentDir);
  const { topic } = values;
  if (topic !== undefined && !content.topics.has(topic) && !content.decks.has(topic)) {
    throw new ConfigError(
      `There is no topic or deck “${topic}”. There are: ${[...content.topics.keys(), ...content.decks.keys()].join(', ')}.`,
    );
  }
  const store = await openStore(file);
  try {
    const items = await itemReport(store.db, content, oneOf('locale', values.locale, LOCALES) ?? 'en', topic);
    process.stdout.write(values.json ? `${JSON.stringify(items, null, 2)}\n` : asText(items));
  } finally {
    await store.close();
  }
}

function asText(items: readonly ItemReport[]): string {
  if (items.length === 0) return 'Nobody has answered a question yet.\n';
  const shown = items.filter(({ facility }) => facility !== null);
  const share = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  const rows = shown.map(({ question, n, facility, discrimination, difficulty, flags }) => [
    question,
    String(n),
    share(facility),
    share(discrimination),
    share(difficulty),
    flags.join(', '),
  ]);
  const flagged = shown.filter(({ flags }) => flags.length > 0).map(details);
  const few = items.length - shown.length;
  return `${[
    ...(shown.length > 0 ? [tableToText(['question', 'n', 'facility', 'discrim.', 'Elo', 'flags'], rows)] : []),
    ...flagged,
    ...(few > 0 ? [`${few} more have fewer than ${SHOWN_FROM} first answers; nothing is shown for them.`] : []),
  ].join('\n\n')}\n`;
}

function details({ question, prompt, n, choices, typed, flags }: ItemReport): string {
  return [
    `${question}: ${prompt}`,
    ...(choices ?? []).map(
      ({ text, correct, count }) =>
        `  ${correct ? '✓' : ' '} ${String(count).padStart(4)}  ${((100 * count) / n).toFixed(0).padStart(3)} %  ${text}`,
    ),
    ...(typed ?? []).map(({ text, count }) => `    ${String(count).padStart(4)}  wrong: ${text}`),
    ...flags.map((flag) => `  ! ${flag}: ${MEANING[flag]}`),
  ].join('\n');
}

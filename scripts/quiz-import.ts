// `npm run quiz -- import FILE`: takes a deck over into content/decks/, where a running bot reads it at once.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../src/config.ts';
import { LOCALES } from '../src/core/locale.ts';
import { carryOut, type ImportPlan, planImport } from '../src/learn/decks/import-deck.ts';
import { IMPORT_FORMATS } from '../src/learn/decks/read-deck.ts';
import { loadContent } from '../src/notes/load.ts';
import type { BareQuestion } from '../src/quiz/question.ts';
import { oneOf } from './one-of.ts';

const HELP = `npm run quiz -- import FILE [options]

  --dry-run         show what would change, and change nothing
  --format NAME     ${IMPORT_FORMATS.join(' | ')}; guessed from the file by default
  --deck ID         name of the deck; from the file's name by default. Importing it again replaces it
  --title TEXT      title that players see
  --topic ID        the topic whose note answers the questions
  --locale en|zh    language of the texts; found out question by question by default
  --content DIR     content folder
`;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'dry-run': { type: 'boolean', default: false },
      format: { type: 'string' },
      deck: { type: 'string' },
      title: { type: 'string' },
      topic: { type: 'string' },
      locale: { type: 'string' },
      content: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (values.help || file === undefined || positionals.length > 1) {
    process.stdout.write(HELP);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const contentDir = values.content ?? readConfig(process.env).contentDir;
  const plan = planImport({
    file,
    contentDir,
    content: loadContent(contentDir),
    format: oneOf('format', values.format, IMPORT_FORMATS),
    locale: oneOf('locale', values.locale, LOCALES),
    deck: values.deck,
    title: values.title,
    topic: values.topic,
  });
  process.stdout.write(describe(plan));
  if (values['dry-run']) {
    process.stdout.write('Dry run: nothing was written.\n');
    return;
  }
  carryOut(plan);
  process.stdout.write(`Written: ${relative(process.cwd(), plan.target)}. Play it: /quiz start topic:${values.topic ?? plan.deck}\n`);
}

function describe({ deck, format, added, changed, removed, same, remarks }: ImportPlan): string {
  const line = ({ id, kind, prompt }: BareQuestion) => `${id}  ${kind}  ${prompt.en.replace(/\s+/g, ' ').slice(0, 70)}`;
  return `${[
    `${deck} (${format}): ${added.length} new, ${changed.length} changed, ${removed.length} removed, ${same} the same`,
    ...added.map((question) => `+ ${line(question)}`),
    ...changed.map(({ question, fields }) => `~ ${line(question)}  [${fields.join(', ')}]`),
    ...removed.map((question) => `- ${line(question)}`),
    ...remarks.map(({ where, what }) => `! ${where.en}: ${what.en}`),
  ].join('\n')}\n`;
}

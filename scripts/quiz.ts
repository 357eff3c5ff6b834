// `npm run quiz -- import|export|report`: decks of questions, and how questions do. `-- ACTION --help` tells more.
const ACTIONS = ['import', 'export', 'report'] as const;
const HELP = `npm run quiz -- import FILE   take a deck over: our YAML, GIFT, Anki text, mdbook-quiz TOML, Open Trivia JSON
npm run quiz -- export        write questions as YAML, CSV, GIFT or Anki text
npm run quiz -- report        how each question does: difficulty, discrimination, distractors
Each of them tells more with --help.
`;

const [name, ...args] = process.argv.slice(2);
const action = ACTIONS.find((known) => known === name);
if (action) {
  const { explainStartError } = await import('../src/start-errors.ts');
  const { DeckError } = await import('../src/learn/decks/errors.ts');
  const { run } = (await import(`./quiz-${action}.ts`)) as { run(args: string[]): Promise<void> };
  await run(args).catch((error: unknown) => {
    if (!(error instanceof DeckError)) return explainStartError(error);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
} else {
  process.stdout.write(HELP);
  if (name !== undefined && name !== '--help') process.exitCode = 1;
}

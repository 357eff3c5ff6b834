// `npm run readme`: writes the tables that README.md takes from the registries between their markers.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../commands/index.ts';
import { demos } from '../src/experiments/index.ts';

export const README = join(import.meta.dirname, '..', 'README.md');

/** README.md with fresh tables; a test compares it with the file. */
export function withTables(text: string): string {
  const commands = [...registry.values()].map(
    ({ name, description, examples }) => `| \`/${name}\` | ${description.en} / ${description.zh} | \`${examples[0]}\` |`,
  );
  const list = demos.map(({ name, title, topics }) => `| \`${name}\` | ${title.en} / ${title.zh} | ${topics[0]} |`);
  return [
    ['commands', ['| command | does | for example |', '|---|---|---|', ...commands]],
    ['demos', ['| demo | shows | note |', '|---|---|---|', ...list]],
  ].reduce((result, [marker, lines]) => {
    const table = `<!-- ${marker as string} -->\n${(lines as string[]).join('\n')}\n<!-- /${marker as string} -->`;
    return result.replace(new RegExp(`<!-- ${marker as string} -->[\\s\\S]*?<!-- /${marker as string} -->`), () => table);
  }, text);
}

if (process.argv[1] === import.meta.filename) writeFileSync(README, withTables(readFileSync(README, 'utf8')));

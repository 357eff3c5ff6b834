import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { registry } from '../commands/index.ts';
import { README, withTables } from '../scripts/readme.ts';
import { loadStrings } from '../src/core/i18n.ts';
import { LOCALES } from '../src/core/locale.ts';

const root = join(import.meta.dirname, '..');

it('shows the commands and demos as they are (npm run readme)', () => {
  const text = readFileSync(README, 'utf8');
  expect(text).toContain('| `/explain` |');
  expect(withTables(text)).toBe(text);
});

/** What GitHub makes of a page's headings: small letters, no punctuation, hyphens for spaces. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

it('names only files, headings and scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const file of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name] of text.matchAll(/npm run (?:-s )?([a-z:]+)/g)) expect(scripts, `${file}: ${name}`).toHaveProperty([name!]);
    for (const [, path, anchor] of text.matchAll(/\]\(((?!http)[^)#]*)(?:#([^)]+))?\)/g)) {
      const target = join(root, file, ...(path ? ['..', path] : []));
      expect(globSync(target), `${file}: ${path}`).not.toEqual([]);
      if (anchor) expect(anchorsOf(readFileSync(target, 'utf8')), `${file}: ${path}#${anchor}`).toContain(anchor);
    }
  }
});

it('has a Chinese name for every command and option (content/locales, section discord)', () => {
  const strings = loadStrings();
  const missing = [...registry.values()].flatMap(({ name, options }) => {
    const choices = Object.values(options).flatMap((option) => (option.type === 'choice' && option.subcommand ? option.choices : []));
    const without = (kind: string, names: readonly string[]) => names.filter((one) => !strings.section('zh', `discord.${kind}`)[one]);
    return [...without('commands', [name]), ...without('options', [...Object.keys(options), ...choices])].map((one) => `/${name}: ${one}`);
  });
  expect(missing).toEqual([]);
});

it('has a registry line for every command file, worded within the platforms’ limits', () => {
  const files = globSync('commands/*.ts', { cwd: root }).map((file) => file.replace(/^.*\/|\.ts$/g, ''));
  expect([...registry.keys()].sort()).toEqual(files.filter((file) => file !== 'index').sort());
  for (const { name, description, options, examples } of registry.values()) {
    expect(name).toMatch(/^[a-z-]{1,32}$/);
    expect(examples.length).toBeGreaterThan(0);
    for (const text of [description, ...Object.values(options).map((option) => option.description)]) {
      for (const locale of LOCALES) {
        expect(text[locale], `${name}: ${text.en}`).toBeTruthy();
        expect(text[locale]!.length).toBeLessThanOrEqual(100);
      }
    }
  }
});

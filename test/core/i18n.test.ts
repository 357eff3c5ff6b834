import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadI18n, readCatalog } from '../../src/core/i18n.ts';
import { detectLocale, LOCALES, toLocale } from '../../src/core/locale.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'content/locales');

describe('locales', () => {
  const [first, ...others] = LOCALES.map((locale) => readCatalog(folder, locale));

  it('hold the same keys with the same places', () => {
    const places = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort();
    for (const other of others) {
      expect([...other.keys()].sort()).toEqual([...first!.keys()].sort());
      // A hint may leave a place out; it may not ask for one that nobody fills in.
      for (const [key, text] of other) expect(places(first!.get(key)!), key).toEqual(places(text));
    }
  });

  it('hold every key that the sources ask for', () => {
    const missing: string[] = [];
    for (const file of globSync('{src,commands}/**/*.{ts,tsx}', { cwd: root })) {
      const source = readFileSync(join(root, file), 'utf8');
      // The page is given its own section of the strings, and calls them by the rest of their names.
      const section = file.startsWith(join('src', 'adapters', 'web', 'page')) ? 'web.' : '';
      for (const [, key] of source.matchAll(/\bt\(\s*'([\w.-]+)'/g))
        if (!first!.has(`${section}${key}`)) missing.push(`${file}: ${section}${key}`);
      for (const [, code] of source.matchAll(/new UserError\(\s*'([\w-]+)'/g)) {
        for (const part of ['message', 'hint']) if (!first!.has(`errors.${code}.${part}`)) missing.push(`${file}: errors.${code}.${part}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('fill in places', () => {
    const t = loadI18n(folder)('zh');
    expect(t('errors.unknown-command.message', { command: 'x' })).toContain('/x');
    expect(t('no.such.key')).toBe('⟨no.such.key⟩');
  });
});

it.each([
  ['zh-CN', 'zh'],
  ['zh-TW', 'zh'],
  ['en-US', 'en'],
  ['de', undefined],
  [undefined, undefined],
])('toLocale(%s) is %s', (tag, locale) => {
  expect(toLocale(tag)).toBe(locale);
});

it.each([
  ['为什么 BN 有用', 'zh'],
  ['why', 'en'],
  ['🙂', undefined],
])('detectLocale(%s) is %s', (text, locale) => {
  expect(detectLocale(text)).toBe(locale);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { LOCALES, type Locale } from './locale.ts';
import { visible } from './visible.ts';

export type Params = Readonly<Record<string, string | number>>;
/** Looks up a user-facing string by dotted key and fills `{name}` places; what fills them may be anybody's, so it is made visible. */
export type Translate = (key: string, params?: Params) => string;
export interface I18n {
  /** `platform` names the place that `{place}` stands for: a workspace on Slack, a server on Discord. */
  (locale: Locale, platform?: string): Translate;
  /** All strings below a key, e.g. for a page that fills them in itself. */
  section(locale: Locale, prefix: string): Record<string, string>;
}

type Catalog = ReadonlyMap<string, string>;

/**
 * Reads `<folder>/<locale>.yaml` for every language.
 * @throws Error naming the file when one is missing or malformed.
 */
export function loadI18n(folder: string): I18n {
  const catalogs = new Map<Locale, Catalog>(LOCALES.map((locale) => [locale, readCatalog(folder, locale)]));
  const translate =
    (locale: Locale, platform = 'other'): Translate =>
    (key, params) => {
      const catalog = catalogs.get(locale);
      const text = catalog?.get(key) ?? catalogs.get('en')?.get(key);
      // A missing key shows itself in the text; a test keeps that from reaching anyone.
      if (text === undefined) return `⟨${key}⟩`;
      return interpolate(text, { place: catalog?.get(`place.${platform}`) ?? catalog?.get('place.other') ?? '', ...params });
    };
  const section = (locale: Locale, prefix: string): Record<string, string> =>
    Object.fromEntries(
      [...catalogs.get(locale)!].filter(([key]) => key.startsWith(`${prefix}.`)).map(([key, text]) => [key.slice(prefix.length + 1), text]),
    );
  return Object.assign(translate, { section });
}

/** Strings belong to the program, so a content folder without locales/ uses ours. */
export function loadStrings(): I18n {
  return loadI18n(join(import.meta.dirname, '..', '..', 'content', 'locales'));
}

/** Every key of one language's file. For the test that compares the languages. */
export function readCatalog(folder: string, locale: Locale): Catalog {
  const file = join(folder, `${locale}.yaml`);
  const catalog = new Map<string, string>();
  flatten(load(readFileSync(file, 'utf8')), '', catalog);
  return catalog;
}

function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) flatten(child, prefix ? `${prefix}.${key}` : key, into);
  } else into.set(prefix, String(value));
}

function interpolate(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => visible(String(params[name] ?? place)));
}

/** Languages the tutor speaks. A new one is added here and gets a file in content/locales. */
export const LOCALES = ['en', 'zh'] as const;
export type Locale = (typeof LOCALES)[number];

/** Text in every language; English is the fallback. */
export type Localized = { readonly en: string } & { readonly [L in Locale]?: string | undefined };

/** The text in `locale`, else English. */
export function localize(text: Localized, locale: Locale): string {
  return text[locale] ?? text.en;
}

/**
 * Maps a platform's locale tag (`zh-CN`, `zh-TW`, `en-US`, `de`) to a language of ours.
 * @returns undefined where we do not speak it, so that the caller can fall back.
 */
export function toLocale(tag: string | undefined | null): Locale | undefined {
  const primary = tag?.toLowerCase().split(/[-_.]/)[0];
  return LOCALES.find((locale) => locale === primary);
}

/** The language a text is written in: Chinese as soon as it holds Han characters, English if only Latin letters. */
export function detectLocale(text: string): Locale | undefined {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{Script=Latin}/u.test(text) ? 'en' : undefined;
}

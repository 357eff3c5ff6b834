import type { Locale } from '../core/locale.ts';

/** The language a whole text is written in: Chinese as soon as a tenth of the letters are Han. */
export function textLanguage(text: string): Locale {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han * 10 > letters ? 'zh' : 'en';
}

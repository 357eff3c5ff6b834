/**
 * Text that is to be shown as it is: no Markdown in it, no mention and no ping. discord.js has a function for the
 * first half, which takes a second for five thousand letters without a space; this one is linear.
 */
export function plain(text: string): string {
  const parts = text.split(/(https?:\/\/\S+)/);
  // A backslash inside an address would become part of it.
  return defuse(parts.map((part, i) => (i % 2 === 1 ? part : escapeMarks(part))).join(''));
}

/** Breaks what Discord would turn into a mention, an emoji or a time. Text for code blocks needs only this. */
export function defuse(text: string): string {
  return text.replace(/@(?=everyone|here)/g, '@\u200b').replace(/<(?=[@#/:]|a:|t:|id:)/g, '<\u200b');
}

function escapeMarks(text: string): string {
  return text
    .replace(/[\\*_`]|~~|\|\||\]\(/g, (signs) => signs.replace(/./g, '\\$&'))
    .replace(
      /^(\s*)(#{1,3}(?=\s)|>|-#|[-+](?=\s)|\d+\.(?=\s))/gm,
      (_, space: string, mark: string) => space + mark.replace(/[^\d]/, '\\$&'),
    );
}

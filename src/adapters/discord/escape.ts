import { escapeMarkdown } from 'discord.js';

const EVERYTHING = { heading: true, bulletedList: true, numberedList: true, maskedLink: true };

/** Text that is to be shown as it is: no Markdown in it, no mention and no ping. */
export function plain(text: string): string {
  return defuse(escapeMarkdown(text, EVERYTHING).replace(/^(\s*)(>|-#)/gm, '$1\\$2'));
}

/** Breaks what Discord would turn into a mention, an emoji or a time. Text for code blocks needs only this. */
export function defuse(text: string): string {
  return text.replace(/@(?=everyone|here)/g, '@\u200b').replace(/<(?=[@#/:]|a:|t:|id:)/g, '<\u200b');
}

/** Plain text so that Markdown shows it as it stands; only what would be taken for markup gets a backslash. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, '\\\\')
    .replace(/(?<!\s)\*|\*(?!\s|$)/g, '\\*')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/~(?=~)|(?<=~)~/g, '\\~')
    .replace(/\$(?=[^$]*\$)|(?<=\$[^$]*)\$/g, '\\$')
    .replace(/`/g, '\\`')
    .replace(/<(?=[/!?]?[a-z][^<>]*>)/gi, '\\<')
    .replace(/\[(?=[^\]]*\][([:])/g, '\\[')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/^([ \t]*)(#{1,6}(?=\s)|[-+](?=\s)|>|[-=]{2,}[ \t]*$)/gm, '$1\\$2')
    .replace(/^([ \t]*\d{1,9})([.)](?=\s))/gm, '$1\\$2');
}

// What screen readers are told of a message: words, and no marks.
import type { Message } from '../lib/wire.ts';

export function titleOf(message: Message | undefined): string | undefined {
  return message?.blocks?.find((block) => block.type === 'heading')?.text;
}

/** A message as it is read out: who, and the beginning of what. */
export function spoken({ author, text, blocks = [] }: Message): string {
  const words =
    text ??
    blocks
      .map((block) => {
        if ('html' in block) return wordsOf(block.html);
        return 'text' in block ? block.text : 'alt' in block ? block.alt : '';
      })
      .filter(Boolean)
      .join('. ');
  return `${author.name}: ${words.slice(0, 300)}`;
}

/** The words of what the server made of Markdown; of a formula what screen readers are given, once. */
function wordsOf(markup: string): string {
  const { body } = new DOMParser().parseFromString(markup, 'text/html');
  for (const double of body.querySelectorAll('.katex-html, annotation')) double.remove();
  return (body.textContent ?? '').replace(/\s+/g, ' ').trim();
}

import type { SayLine } from './dialects.ts';

const FENCE = /^([ \t]*)(`{3,}|:{3,}|~{3,})\{([\w:-]+)\}[ \t]*(.*)$/;
const OPTION = /^[ \t]*:[\w-]+:.*$/;
const ADMONITIONS =
  /^(?:admonition|note|tip|warning|important|attention|caution|danger|error|hint|seealso|todo|prf:\w+|theorem|proof|definition|exercise|solution|epigraph|dropdown|margin|sidebar|topic)$/;
const LABEL = /^\([\w:.-]+\)=[ \t]*$/;
const LAYOUT = { en: 'a mark for layout; left out', zh: '排版标记，已略去' };

/**
 * MyST's directives (Jupyter Book): formulas get dollars, boxes a bold title; labels and options go. Code of any
 * language stays as it is.
 */
export function plainDirectives(source: string, say: SayLine): string {
  if (!/^[ \t]*(?:`{3,}|:{3,}|~{3,})\{|^\([\w:.-]+\)=/m.test(source)) return source;
  const lines = source.split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (LABEL.test(lines[i]!)) {
      say(i + 1, LAYOUT, false);
      lines[i] = '';
      continue;
    }
    const [, indent = '', mark, name, title = ''] = FENCE.exec(lines[i]!) ?? [];
    const isMath = name === 'math';
    if (!mark || !(isMath || ADMONITIONS.test(name!))) {
      // Other fences are code: nothing inside is looked at.
      const [, fence] = /^[ \t]*(`{3,}|~{3,})/.exec(lines[i]!) ?? [];
      if (fence) i = closing(lines, i, fence);
      continue;
    }
    const end = closing(lines, i, mark);
    const word = name!.replace(/^prf:/, '');
    const shown = title.trim() || (word === 'admonition' ? '' : `${word[0]!.toUpperCase()}${word.slice(1)}`);
    lines[i] = isMath ? `${indent}$$` : shown && `${indent}**${shown}**`;
    let first = i + 1;
    for (; first < end && OPTION.test(lines[first]!); first++) lines[first] = '';
    // An empty line inside would end a formula for some readers: it begins below its options.
    if (isMath && first > i + 1) {
      lines[i] = '';
      lines[first - 1] = `${indent}$$`;
    }
    if (end < lines.length) lines[end] = isMath ? `${indent}$$` : '';
    // Boxes hold boxes; formulas hold none.
    if (isMath) i = end;
  }
  return lines.join('\n');
}

/** The line that closes a fence; the number of lines where none does. */
function closing(lines: readonly string[], from: number, mark: string): number {
  for (let i = from + 1; i < lines.length; i++) {
    const text = lines[i]!.trim();
    if (text.length >= mark.length && [...text].every((char) => char === mark[0])) return i;
  }
  return lines.length;
}

import type { Localized } from '../../core/locale.ts';
import { parseMarkdown, spanOf, walk } from '../markdown-tree.ts';
import { plainDirectives } from './directives.ts';

/** Takes what a reader of the report should know about a line, from 1. */
export type SayLine = (line: number, text: Localized, lost: boolean) => void;

const KINDS =
  'note|tip|info|warning|danger|caution|important|hint|success|question|failure|error|bug|example|quote|abstract|summary|details|definition|theorem|lemma|proof|remark|exercise|solution';
/** `:::note[Title]`, `::: warning 标题`, `::: {.callout-tip}`: Docusaurus, VuePress, Quarto. */
const DIV = new RegExp(
  String.raw`^([ \t]*):{3,}[ \t]*\{?\.?(?:callout-)?(${KINDS})\b[^}\n[]*?\}?(?:\[(.+)\]|[ \t]+([^{}\s].*))?[ \t]*$`,
  'i',
);
const DIV_MARK = /^[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]+)?[ \t]*(?::{3,})?[ \t]*$/;
/** `!!! note "Title"`, `??? tip`, `=== "Tab"`: MkDocs; what belongs to it is indented by four. */
const INDENTED = /^([ \t]*)(?:(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)[^"\n]*?(?:"(.*)")?|===[!+]?[ \t]+"(.+)")[ \t]*$/;
const HINT = /^[ \t]*\{%-?\s*(?:hint|note|admonition)\b(?:\s+style=["']?(\w+)["']?|\s+(\w+))?[^%]*%\}[ \t]*$/;
const TEMPLATE = /^[ \t]*(?:\{%[^%\n]*%\}|\{\{[<%].*?[>%]\}\})[ \t]*$/;
const CONTENTS = /^[ \t]*(?:\[TOC\]|\[\[_?toc_?\]\]|@\[toc\](?:\([^)]*\))?|\$\{toc\})[ \t]*$/i;
const MODULE = /^(?:import\s+(?:[\w*{][^'"\n]*\s+from\s+)?['"][^'"\n]+['"];?|export\s+(?:const|default|function)\b.*)$/;
const LOGSEQ =
  /^[ \t]*(?:[-*] )?(?:id|collapsed|title|tags|alias|type|public|icon|heading|created-at|updated-at|background-color|card-[\w-]+|template|exclude-from-graph-view|logseq\.[\w.-]+)::(?:[ \t].*)?$/i;

const capital = (word: string) => `${word[0]!.toUpperCase()}${word.slice(1).toLowerCase()}`;
const LAYOUT = { en: 'a mark for layout; left out', zh: '排版标记，已略去' };
const SCRIPT = { en: 'code of the page, not of the note; left out', zh: '属于网页而非笔记的代码，已略去' };
const PROPERTY = { en: 'a property of the page; left out', zh: '页面属性，已略去' };
const PLACE = { en: 'what a template would put here is not in the file', zh: '模板要在此处插入的内容不在文件里' };

/**
 * Lines that only one program understands, as plain Markdown or empty; code stays. Blocks of MkDocs lose their
 * indentation, which Markdown takes for code.
 */
export function plainLines(source: string, say: SayLine): string {
  const isLogseq = /^[ \t]*(?:- )?(?:id|collapsed)::[ \t]/m.test(source);
  const directed = plainDirectives(source, say);
  const outline = unfolded(isLogseq ? outdented(withoutDrawers(directed, say)) : directed, isLogseq);
  const lines = unindented(outline.split('\n'));
  const code = codeLines(lines.join('\n'));
  let toc = false;
  return lines
    .map((line, i) => {
      if (code.has(i + 1)) return line;
      const number = i + 1;
      const left = (text: Localized, lost = false) => {
        say(number, text, lost);
        return '';
      };
      const div = DIV.exec(line);
      if (div) return `${div[1]}**${(div[3] ?? div[4])?.trim() || capital(div[2]!)}**`;
      const hint = HINT.exec(line);
      if (hint) return `**${capital(hint[1] ?? hint[2] ?? 'note')}**`;
      if (DIV_MARK.test(line)) return '';
      const made = figure(line);
      if (made) return made;
      if (TEMPLATE.test(line)) {
        const empty =
          /\{%-?\s*(?:end|raw|tabs?\b|hint|content-ref|code|note|math|cq|centerquote|stepper|step\b|columns?\b)|\{\{[<%]\s*\/|\{\{[<%]\s*(?:math|tabs?|hint|notice|callout|details|alert)\b/.test(
            line,
          );
        return empty ? left(LAYOUT) : left(PLACE, true);
      }
      if (CONTENTS.test(line)) return left(LAYOUT);
      // kramdown: `* TOC` and below it `{:toc}`.
      const next = lines[i + 1] ?? '';
      toc = /^\{:\s*toc\b/.test(next);
      if (toc && /^[*\-1][.]?[ \t]+\S+[^\n]*$/.test(line)) return left(LAYOUT);
      if (/^[ \t]*\{:[^}\n]*\}[ \t]*$/.test(line)) return left(LAYOUT);
      if (MODULE.test(line) || /^[ \t]*\{\/\*.*\*\/\}[ \t]*$/.test(line)) return left(SCRIPT);
      if (LOGSEQ.test(line)) return left(PROPERTY);
      return line
        .replace(/\{:(?:\s|[.#]|[a-z-]+=)[^}\n]*\}/g, '')
        .replace(/\{\{-?\s*(?:site|page)\.[\w.]+\s*-?\}\}/g, '')
        .replace(/\{\{-?\s*["']([^"'\n]+)["']\s*\|\s*(?:relative|absolute)_url\s*-?\}\}/g, '$1')
        .replace(/\{\{[<%]\s*\/?\s*(?:rawhtml|raw|html|math|katex)\s*[>%]\}\}/g, '')
        .replace(/\{\{<\s*\w+\s([^>\n]*\b(?:href|url)=[^>\n]*)>\}\}/g, (whole, rest: string) => linkIn(rest) ?? whole)
        .replace(/\{\{[<%]\s*(?:rel)?ref\s+"([^"\n]+)"\s*[>%]\}\}/g, '$1');
    })
    .join('\n');
}

/** Without the properties of Logseq's blocks, and `:LOGBOOK:` … `:END:`, when somebody worked on something. */
function withoutDrawers(source: string, say: SayLine): string {
  let inside = false;
  return source
    .split('\n')
    .map((line, i) => {
      inside ||= /^[ \t]*:LOGBOOK:[ \t]*$/.test(line);
      if (!inside && !LOGSEQ.test(line)) return line;
      inside &&= !/^[ \t]*:END:[ \t]*$/.test(line);
      say(i + 1, PROPERTY, false);
      return '';
    })
    .join('\n');
}

/** `href="…" text="…"` as a link. */
function linkIn(attributes: string): string | undefined {
  const value = (...names: string[]) => new RegExp(String.raw`\b(?:${names.join('|')})=["']([^"'\n]+)["']`).exec(attributes)?.[1];
  const [url, text] = [value('href', 'url'), value('text', 'title')];
  return url && `[${text ?? url}](${url})`;
}

/** Pictures and links that a template would make. */
function figure(line: string): string | undefined {
  const [, name, rest = ''] =
    /^[ \t]*(?:\{%-?|\{\{[<%])\s*(figure|asset_img|img|image|embed|youtube)\b(.*?)(?:-?%\}|[>%]\}\})[ \t]*$/.exec(line) ?? [];
  if (!name) return undefined;
  const value = (key: string) => new RegExp(String.raw`\b${key}=["']([^"'\n]+)["']`).exec(rest)?.[1];
  const bare = rest
    .trim()
    .split(/\s+/)
    .find((word) => /\.\w{3,4}$/.test(word) && !word.includes('='));
  if (name === 'embed') return value('url') && `[${value('url')}](${value('url')})`;
  const src = value('src') ?? bare;
  if (!src) return undefined;
  return `![${(value('caption') ?? value('alt') ?? value('title') ?? '').replace(/[[\]]/g, '')}](${/[\s()]/.test(src) ? `<${src}>` : src})`;
}

/** Lines that stand in code, from 1. */
function codeLines(source: string): Set<number> {
  const found = new Set<number>();
  for (const { type, position } of walk(parseMarkdown(source).tree))
    if (type === 'code') for (let line = position!.start.line; line <= position!.end.line; line++) found.add(line);
  return found;
}

/** What stands below `!!! note` and is indented moves to the left, nested ones as often as they are nested. */
function unindented(lines: string[]): string[] {
  const result = [...lines];
  let fence: string | undefined;
  for (let i = 0; i < result.length; i++) {
    const mark = /^[ \t]*(`{3,}|~{3,})/.exec(result[i]!)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence))) fence = fence === undefined ? mark : undefined;
    const match = fence === undefined ? INDENTED.exec(result[i]!) : undefined;
    if (!match) continue;
    const [, before = '', kind, title, tab] = match;
    result[i] = `${before}**${tab ?? (title || capital(kind!))}**`;
    const inner = new RegExp(`^${before}(?: {4}|\\t)`);
    for (let j = i + 1; j < result.length && (result[j]!.trim() === '' || inner.test(result[j]!)); j++)
      result[j] = result[j]!.replace(inner, before);
  }
  return result;
}

/**
 * An outline in which headings are list items (`- # Attention`, Logseq): they become headings, and what hangs on them
 * moves one step to the left. Only where the file has no heading of its own.
 */
function unfolded(source: string, isLogseq: boolean): string {
  const { tree } = parseMarkdown(source);
  const items = tree.children.flatMap((node) => (node.type === 'list' ? node.children : []));
  const heads = items.filter(({ children }) => children[0]?.type === 'heading');
  if (heads.length === 0 || (!isLogseq && tree.children.some(({ type }) => type === 'heading'))) return source;
  const lines = source.split('\n');
  for (const item of heads) {
    const { start, end } = item.position!;
    const head = spanOf(item.children[0]!).start;
    lines[start.line - 1] = source.slice(head).split('\n', 1)[0]!;
    for (let line = start.line; line < end.line; line++) lines[line] = lines[line]!.replace(/^(?:\t| {1,2})/, '');
  }
  return lines.join('\n');
}

/** Blocks that hang on a line which is no list item (`# Page`, then `\t- block`): Markdown takes them for code. */
function outdented(source: string): string {
  const lines = source.split('\n');
  for (const node of parseMarkdown(source).tree.children) {
    if (node.type !== 'code') continue;
    const { start, end } = node.position!;
    const block = lines.slice(start.line - 1, end.line);
    if (!/^\t- ?/.test(block[0]!) || !block.every((line) => /^\t|^[ \t]*$/.test(line))) continue;
    block.forEach((line, i) => {
      lines[start.line - 1 + i] = line.replace(/^\t/, '');
    });
  }
  return lines.join('\n');
}

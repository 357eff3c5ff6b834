import { createRequire } from 'node:module';
import { lazy } from '../../core/lazy.ts';
import { isHan, squeeze, words } from '../analyse.ts';

const require = createRequire(import.meta.url);
const spelling = lazy(() => require('pinyin-pro') as typeof import('pinyin-pro'));

/** A topic's and a section's id stand in one button's id together (100 characters). */
export const MAX_ID = 40;

/** `什么是梯度`, `梯度是什么`, `What is a gradient?`: the heading asks for one thing, and that is its name. */
const WHAT_IS = [
  /^(?:什么是|何为|什么叫)(.+?)[？?]?$/u,
  /^(.+?)(?:是什么|是啥)[？?]?$/u,
  /^what(?:'s| is| are)\s+(?:an?\s+|the\s+)?(.+?)\??$/iu,
];
/** Words of a heading that do not belong into an id. */
const FILLER = /什么是|是什么|为什么|怎么样?|如何|有什么|有哪些|哪些|的|\b(?:what|is|are|an?|the|of|and|how|to|why|does|do)\b/giu;
/** `BatchNorm的原理和作用`, `Bert Embedding使用`: a name, then what is said about it. */
const ABOUT = /^([A-Za-z][\w\s.-]*?)\s*(?:的?(?:原理|作用|定义|概念|使用|用法|介绍|详解|入门)|explained|basics|tutorial)/u;

export interface Proposal {
  /** Lower-case words joined by hyphens; the same heading always gives the same one. */
  id: string;
  title: string;
  aliases: string[];
}

/** What a heading suggests for a topic's front matter. Chinese ids are pinyin, so that they can be typed anywhere. */
export function propose(heading: string): Proposal {
  const subject = WHAT_IS.map((pattern) => pattern.exec(heading)?.[1]?.trim()).find(Boolean);
  const title = subject || heading.replace(/[？?]$/u, '').trim() || heading || 'Untitled';
  const about = ABOUT.exec(heading)?.[1]?.trim();
  const bracketed = [...heading.matchAll(/[（(]([^（）()]{2,40})[）)]/gu)].flatMap((match) => [
    match[1]!.trim(),
    heading.slice(0, match.index).trim(),
  ]);
  const aliases = [about, ...bracketed].filter((alias): alias is string => alias !== undefined && squeeze(alias).length >= 2);
  return {
    id: slug(title) || 'topic',
    title,
    aliases: [...new Map(aliases.filter((alias) => squeeze(alias) !== squeeze(title)).map((alias) => [squeeze(alias), alias])).values()],
  };
}

/** ASCII words of a heading, Han as pinyin without tones. */
export function slug(text: string): string {
  const ascii = words(text.replace(FILLER, ' ')).flatMap((word) =>
    isHan(word) ? spelling().pinyin(word, { toneType: 'none', type: 'array', v: true }) : [word.normalize('NFKD')],
  );
  const clean = ascii.map((word) => word.replace(/[^a-z0-9]/g, '')).filter(Boolean);
  let id = '';
  for (const word of clean) {
    const next = id ? `${id}-${word}` : word;
    if (next.length > MAX_ID) break;
    id = next;
  }
  return id || (clean[0] ?? '').slice(0, MAX_ID);
}

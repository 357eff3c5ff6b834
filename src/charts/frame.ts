import type { Theme } from './theme.ts';

/** Width of a text in a font as canvas writes it, in pixels. */
export type Measure = (text: string, font: string) => number;

/** Where a chart is drawn: how large, in which colours and letters. The only thing that differs between PNG and page. */
export interface Frame {
  width: number;
  height: number;
  theme: Theme;
  /** A font list as in CSS. */
  font: string;
  measure: Measure;
  /** Smaller text, for panels of small multiples. */
  small?: boolean;
  /** The page writes titles and names as text around the canvas, where they can be enlarged, read out and pressed. */
  page?: boolean;
  /** Letters so many times as large, for a wall. */
  letters?: number;
  /** Pixels per unit; the page leaves that to the screen. */
  ratio?: number;
}

/** Narrower than this there is no room for names beside the plot. */
const NARROW = 480;

/** Whether the lines' names stand in a key only. */
export function isNarrow({ width, page }: Frame): boolean {
  return page === true && width < NARROW;
}

/** Sizes of the letters: of axes and names, and of what is written small. */
export function sizes({ small, page, letters = 1 }: Frame): { text: number; note: number; title: number } {
  return page
    ? { text: 13 * letters, note: 12 * letters, title: 16 * letters }
    : small
      ? { text: 12, note: 12, title: 15 }
      : { text: 13, note: 12, title: 20 };
}

/** Width of a text in chart units. */
export function textWidth(frame: Pick<Frame, 'measure' | 'font'>, text: string, size: number, bold = false): number {
  return frame.measure(text, `${bold ? 'bold ' : ''}${size}px ${frame.font}`);
}

/** What is not parted: a Han character with the marks around it, a word, spaces. */
const PIECES = /[（《“‘]*(?:\p{Script=Han}[，。；：、！？）》”’]*|[^\s\p{Script=Han}（《“‘]+\s*)|[（《“‘]+|\s+/gu;

/** Breaks a text into lines that fit: between words, and between any two Han characters. */
export function wrap(frame: Pick<Frame, 'measure' | 'font'>, text: string, size: number, width: number, bold = false): string[] {
  const pieces = text.match(PIECES) ?? [text];
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && textWidth(frame, (line + piece).trimEnd(), size, bold) > width) {
      lines.push(line.trim());
      line = piece;
    } else line += piece;
  }
  if (line.trim() !== '') lines.push(line.trim());
  return lines;
}

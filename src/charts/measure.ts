import { createCanvas } from 'canvas';
import { THEME } from './theme.ts';

const context = createCanvas(8, 8).getContext('2d');

/** Width of a text in chart units. */
export function textWidth(text: string, size: number, bold = false): number {
  context.font = `${bold ? 'bold ' : ''}${size}px ${THEME.font}`;
  return context.measureText(text).width;
}

/** Breaks a text into lines that fit: between words, and between any two Han characters. */
export function wrap(text: string, size: number, width: number, bold = false): string[] {
  const pieces = text.match(/\p{Script=Han}[，。；：、！？）》”’]*|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? [text];
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && textWidth((line + piece).trimEnd(), size, bold) > width) {
      lines.push(line.trim());
      line = piece;
    } else line += piece;
  }
  if (line.trim() !== '') lines.push(line.trim());
  return lines;
}

import type { styleText } from 'node:util';
import LineBreaker from 'linebreak';
import { displayWidth } from '../../core/reply.ts';

export type Format = Extract<Parameters<typeof styleText>[0], string>;

/** A stretch of text in one style. */
export interface Run {
  text: string;
  format?: readonly Format[];
  /** Stays on one line where it fits on one (a short formula, a button) or has no space (an address). */
  whole?: true;
}

/** Writes a stretch of text with its styles, or without where the terminal has no colours. */
export type Paint = (format: readonly Format[], text: string) => string;

interface Range {
  from: number;
  to: number;
}

/**
 * Lines of at most `width` cells, broken as Unicode says (UAX 14): no full stop begins a line, Chinese breaks between
 * its characters. Only what is whole and longer than a line is left longer.
 */
export function wrap(runs: readonly Run[], width: number, paint: Paint): string[] {
  const text = runs.map((run) => run.text).join('');
  const spans = place(runs);
  const closed = spans.filter(({ run }) => run.whole && (displayWidth(run.text) <= width || !/\s/.test(run.text)));
  const lines: Range[] = [];
  let line: Range = { from: 0, to: 0 };
  const breaker = new LineBreaker(text);
  for (let found = breaker.nextBreak(); found; found = breaker.nextBreak()) {
    const { position, required } = found;
    if (!required && position < text.length && closed.some(({ from, to }) => position > from && position < to)) continue;
    for (const end of fitting(text, line.to, position, width, closed)) {
      if (end > line.to && line.to > line.from && cells(text, line.from, end) > width) {
        lines.push(line);
        line = { from: line.to, to: line.to };
      }
      line.to = end;
    }
    if (required) {
      lines.push(line);
      line = { from: position, to: position };
    }
  }
  if (line.to > line.from) lines.push(line);
  return lines.map((range) => paintRange(text, range, spans, paint));
}

type Span = Range & { run: Run };

function place(runs: readonly Run[]): Span[] {
  let at = 0;
  return runs.map((run) => {
    const from = at;
    at += run.text.length;
    return { from, to: at, run };
  });
}

const cells = (text: string, from: number, to: number): number => displayWidth(text.slice(from, to).trimEnd());

/** Where the part from one break to the next ends; a part that no line can hold is cut where a line is full. */
function fitting(text: string, from: number, to: number, width: number, closed: readonly Range[]): number[] {
  if (cells(text, from, to) <= width || closed.some((range) => range.from < to && range.to > from)) return [to];
  const ends: number[] = [];
  let at = from;
  let used = 0;
  for (const char of text.slice(from, to)) {
    const own = displayWidth(char);
    if (used + own > width) {
      ends.push(at);
      used = 0;
    }
    used += own;
    at += char.length;
  }
  return [...ends, to];
}

function paintRange(text: string, { from, to }: Range, spans: readonly Span[], paint: Paint): string {
  const end = from + text.slice(from, to).trimEnd().length;
  return spans
    .filter((span) => span.from < end && span.to > from)
    .map((span) => {
      const part = text.slice(Math.max(span.from, from), Math.min(span.to, end));
      return span.run.format && part !== '' ? paint(span.run.format, part) : part;
    })
    .join('');
}

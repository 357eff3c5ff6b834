import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Interface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { type Button, buttonsOf, type Reply } from '../../core/reply.ts';
import { type Page, renderReply } from './render.ts';
import { type Paint, wrap } from './wrap.ts';

/** Longer lines are hard to read, however wide the window is. */
const WIDEST = 100;

export interface Screen {
  print(reply: Reply): void;
  say(text: string): void;
  /** Those of the last reply that had any. */
  buttons(): readonly Button[];
  /** The line that is typed is kept below what is printed, until the chat ends. */
  attach(lines: Interface): void;
  /** Asks for the next line, unless the chat has ended. */
  ask(): void;
}

/** Styles where the terminal has them; node knows of NO_COLOR and of what is no terminal. */
const paint: Paint = (format, text) => (format.length > 0 ? styleText([...format], text, { stream: process.stdout }) : text);

/** Prints above the line that is being typed, which stays as it is. */
export function createScreen(page: Omit<Page, 'width' | 'paint'>): Screen {
  const { stdout } = process;
  let buttons: readonly Button[] = [];
  let prompt: Interface | undefined;
  const width = () => Math.min(stdout.columns ?? 80, WIDEST);
  const write = (text: string) => {
    if (stdout.isTTY && prompt) {
      // A long line that is being typed takes several.
      moveCursor(stdout, 0, -prompt.getCursorPos().rows);
      cursorTo(stdout, 0);
      clearScreenDown(stdout);
    }
    stdout.write(text);
    prompt?.prompt(true);
  };
  return {
    buttons: () => buttons,
    ask: () => prompt?.prompt(),
    attach(lines) {
      prompt = lines;
      // A prompt after the end would make node wait for the next line for ever.
      lines.once('close', () => {
        prompt = undefined;
      });
    },
    say: (text) => write(`${wrap([{ text }], width(), paint).join('\n')}\n`),
    print(reply) {
      const own = reply.blocks.flatMap(buttonsOf);
      if (own.length > 0) buttons = own;
      write(`${renderReply(reply, { ...page, width: width(), paint })}\n\n`);
    },
  };
}

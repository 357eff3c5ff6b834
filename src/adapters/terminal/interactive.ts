import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { completeLine } from '../../core/complete.ts';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import { parseText } from '../../core/parse.ts';
import { type Button, blockToText, buttonsOf, type Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import type { Services } from '../../services.ts';
import { saveFile, saveImage } from './files.ts';

export interface InteractiveOptions {
  out: string;
  locale?: Locale;
  user: string;
  historyFile: string;
}

/** The chat at a terminal: history, Tab completion, buttons pressed by number (`#2`). */
export async function runInteractive(services: Services, dispatch: Dispatch, options: InteractiveOptions): Promise<void> {
  const locale = options.locale ?? services.config.defaultLocale;
  const t = services.i18n(locale);
  const screen = createScreen(services, options);
  services.outbox.register('terminal', {
    async post(room, reply) {
      screen.print(reply);
      return { ...room, id: randomUUID() };
    },
    async update(_message, reply) {
      screen.print(reply);
    },
    async whisper(_room, { id }, reply) {
      // The window shows one person's view; others may answer only through the playground.
      if (id === options.user) screen.print(reply);
      return id === options.user;
    },
    async direct(_space, _user, reply) {
      screen.print(reply);
    },
  });
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    // What is piped in needs no prompt.
    prompt: process.stdin.isTTY ? '> ' : '',
    history: readHistory(options.historyFile),
    historySize: 500,
    completer: async (typed: string): Promise<[string[], string]> => {
      const choices = await completeLine(services, typed, locale, { zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
      return [choices.map((choice) => choice.value), typed];
    },
  });
  screen.attach(lines);
  lines.on('history', (history: string[]) => writeHistory(options.historyFile, history));
  process.stdout.write(`${t('terminal.welcome')}\n`);
  await services.resume();
  services.learning.reminders.start();
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') await answer(services, dispatch, line, options, screen);
    lines.prompt();
  }
  process.stdout.write(`${t('terminal.bye')}\n`);
}

async function answer(services: Services, dispatch: Dispatch, line: string, options: InteractiveOptions, screen: Screen): Promise<void> {
  const t = services.i18n(options.locale ?? services.config.defaultLocale);
  try {
    const request = decode(services, line, options, screen.buttons());
    if (services.registry.get(request.command ?? '')?.slow) process.stdout.write(`${t('terminal.working')}\n`);
    screen.print(await dispatch(request));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    screen.print(errorReply(error, t));
  }
}

function decode(services: Services, line: string, options: InteractiveOptions, buttons: readonly Button[]): Request {
  const base = {
    id: randomUUID(),
    platform: 'terminal' as const,
    space: 'local',
    room: 'main',
    user: { id: options.user, name: options.user, admin: true },
    ...(options.locale && { locale: options.locale }),
    receivedAt: services.clock.now(),
  };
  // `#2` presses a button, `#2 0.25` fills in its form.
  const pressed = /^#(\d+)(?:\s+(.+))?$/.exec(line.trim());
  if (!pressed) return { ...base, ...parseText(line, services.registry) };
  const button = buttons[Number(pressed[1]) - 1];
  if (!button) throw new UserError('no-such-button', { count: buttons.length });
  return { ...base, action: button.id, options: button.form && pressed[2] ? { text: pressed[2] } : {} };
}

interface Screen {
  print(reply: Reply): void;
  buttons(): readonly Button[];
  attach(lines: Interface): void;
}

/** Prints replies above the prompt and remembers the buttons of the last one that had any. */
function createScreen(services: Services, options: InteractiveOptions): Screen {
  let buttons: Button[] = [];
  let prompt: Interface | undefined;
  const t = services.i18n(options.locale ?? services.config.defaultLocale);
  return {
    buttons: () => buttons,
    attach: (lines) => {
      prompt = lines;
    },
    print(reply) {
      const own = reply.blocks.flatMap(buttonsOf);
      if (own.length > 0) buttons = own;
      let number = 0;
      const parts = reply.blocks.map((block) => {
        if (block.type === 'image') return `${block.alt}\n${t('terminal.image-saved', { path: saveImage(block, options.out).path })}`;
        if (block.type === 'file') return t('terminal.file-saved', { path: saveFile(block, options.out).path });
        if (block.type === 'buttons')
          return block.items.map(({ label, form }) => `[#${++number} ${form ? t('terminal.form', { number, label }) : label}]`).join('  ');
        if (block.type === 'rows') return block.items.map(({ text, button }) => `${text}  [#${++number} ${button.label}]`).join('\n');
        return blockToText(block);
      });
      process.stdout.write(`\r${parts.join('\n\n')}\n\n`);
      prompt?.prompt(true);
    },
  };
}

function readHistory(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function writeHistory(file: string, history: string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, history.join('\n'), { mode: 0o600 });
}

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import type { Dispatch } from '../../core/dispatch.ts';
import { errorReply, UserError } from '../../core/errors.ts';
import type { Locale } from '../../core/locale.ts';
import { parseText } from '../../core/parse.ts';
import type { Button, Reply } from '../../core/reply.ts';
import type { Request } from '../../core/request.ts';
import { asAnswer } from '../../quiz/bare.ts';
import type { Services } from '../../services.ts';
import { completeTyped } from './complete.ts';
import { saveFile, saveImage, withFiles } from './files.ts';
import { createScreen, type Screen } from './screen.ts';

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
  const screen = createScreen({
    t,
    saveImage: (image) => saveImage(image, options.out).path,
    saveFile: (file) => saveFile(file, options.out).path,
  });
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
    completer: (typed: string) => completeTyped(services, typed, locale),
  });
  lines.on('history', (history: string[]) => writeHistory(options.historyFile, history));
  let running: AbortController | undefined;
  lines.on('SIGINT', () => {
    if (running) running.abort();
    else if (lines.line !== '') clearTyped(lines);
    else lines.close();
  });
  screen.say(t('terminal.welcome'));
  screen.attach(lines);
  await services.resume();
  services.learning.reminders.start();
  services.gaps.digest.start();
  services.timetable.start();
  screen.ask();
  for await (const line of lines) {
    if (line.trim() === '') {
      screen.ask();
      continue;
    }
    running = new AbortController();
    const reply = await answer(services, dispatch, line, options, screen, running.signal);
    running = undefined;
    screen.print(reply);
  }
  process.stdout.write(`${t('terminal.bye')}\n`);
}

/** As shells do: what was typed stays to be seen, and a new line begins. */
function clearTyped(lines: Interface): void {
  process.stdout.write('^C\n');
  lines.write(null, { ctrl: true, name: 'e' });
  lines.write(null, { ctrl: true, name: 'u' });
  lines.prompt();
}

async function answer(
  services: Services,
  dispatch: Dispatch,
  line: string,
  options: InteractiveOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<Reply> {
  const t = services.i18n(options.locale ?? services.config.defaultLocale);
  try {
    const request = await asAnswer(services, decode(services, line, options, screen.buttons()));
    if (services.registry.get(request.command ?? '')?.slow) screen.say(t('terminal.working'));
    return await dispatch(request, { signal });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return errorReply(error, t);
  }
}

function decode(services: Services, line: string, options: InteractiveOptions, buttons: readonly Button[]): Request {
  const base = {
    id: randomUUID(),
    platform: 'terminal' as const,
    space: 'local',
    room: 'main',
    user: { id: options.user, name: options.user, admin: true, manager: true },
    ...(options.locale && { locale: options.locale }),
    receivedAt: services.clock.now(),
  };
  // `#2` presses a button, `#2 0.25` fills in its form.
  const pressed = /^#(\d+)(?:\s+(.+))?$/.exec(line.trim());
  if (!pressed) return withFiles({ ...base, ...parseText(line, services.registry) }, services.registry);
  const button = buttons[Number(pressed[1]) - 1];
  if (!button) throw new UserError('no-such-button', { count: buttons.length });
  return { ...base, action: button.id, options: button.form && pressed[2] ? { text: pressed[2] } : {} };
}

function readHistory(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function writeHistory(file: string, history: string[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, history.join('\n'), { mode: 0o600 });
}

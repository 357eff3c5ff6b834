// The code of the quiz that a room plays.
import { signal } from '@preact/signals';
import { getJson } from '../lib/session.ts';

const codes = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();

/** A quiz's code; undefined until the server has told it, and where the quiz is over. */
export function codeOf(room: string, quiz: string): string | undefined {
  if (!asked.has(quiz)) {
    asked.add(quiz);
    getJson<{ quiz: string | null; code: string | null }>(`/api/rooms/${encodeURIComponent(room)}/quiz`).then(
      (got) => {
        if (got.quiz === quiz && got.code) codes.value = new Map([...codes.value, [quiz, got.code]]);
      },
      // Asked for again with the next change of the board.
      () => asked.delete(quiz),
    );
  }
  return codes.value.get(quiz);
}

/** Where people come in, under the address that this page was opened with: phones that reach the page reach it too. */
export const joinUrl = (code: string): string => `${location.origin}/join/${code}`;
export const presentPath = (code: string): string => `/present/${code}`;

/** Whether nobody but this computer can open the address. */
export const isOnlyHere = (): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

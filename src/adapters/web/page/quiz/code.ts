// What the page is told of the quiz that its room plays: its code, and whether the reader leads it.
import { signal } from '@preact/signals';
import { getJson } from '../lib/session.ts';

export interface Known {
  code: string;
  leads: boolean;
  /** Where others reach the page, if not under its own address. */
  origin?: string;
}

const known = signal<ReadonlyMap<string, Known>>(new Map());
const asked = new Set<string>();

/** Undefined until the server has told it, and for a quiz that is over. */
export function knownOf(room: string, quiz: string): Known | undefined {
  if (!asked.has(quiz)) {
    asked.add(quiz);
    getJson<{ quiz: string | null } & Known>(`/api/rooms/${encodeURIComponent(room)}/quiz`).then(
      ({ quiz: now, ...got }) => {
        if (now === quiz) known.value = new Map([...known.value, [quiz, got]]);
      },
      // Asked for again with the next change of the board.
      () => asked.delete(quiz),
    );
  }
  return known.value.get(quiz);
}

/** Where people come in: under the address that this page was opened with, unless the server knows a better one. */
export const joinUrl = (code: string, { origin }: Pick<Known, 'origin'> = {}): string => `${origin ?? location.origin}/join/${code}`;
/** The same to be typed, without the code. */
export const joinAddress = ({ origin }: Pick<Known, 'origin'> = {}): string => `${new URL(origin ?? location.origin).host}/join`;
export const presentPath = (code: string): string => `/present/${code}`;

/** Whether nobody but this computer can open the address. */
export const isOnlyHere = ({ origin }: Pick<Known, 'origin'> = {}): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin ?? location.origin).hostname);

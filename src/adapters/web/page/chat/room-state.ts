// What is shown of a room, and where the reader is in it. No DOM here.
import { batch, signal } from '@preact/signals';
import { tab } from '../lib/session.ts';
import type { Message } from '../lib/wire.ts';
import { isBoard, isOpen } from '../quiz/boards.ts';

/** Messages in the page; older ones can be fetched again. */
const MOST = 400;

/** What a press in a message was answered with. */
export interface PressAnswer {
  text: string;
  /** What one chose. */
  recorded?: string | undefined;
  /** The button; left out for what must stay: a failure. */
  press?: string | undefined;
  error?: boolean;
}

/** A message as it is shown. Each change makes a new one, so that what did not change is not drawn anew. */
export interface Entry {
  message: Message;
  answer?: PressAnswer | undefined;
  /** An open question from further back: between it and the next entry others are missing. */
  apart?: boolean;
}

export type RoomState = ReturnType<typeof createRoomState>;

export function createRoomState() {
  const entries = signal<readonly Entry[]>([]);
  /** Whether there are older ones to fetch. */
  const more = signal(false);
  /** Messages that came in below while the reader looked at older ones. */
  const missed = signal(0);
  // Reading: the reader scrolled up by themselves and stays where they are. Following: new messages come into view.
  // `look` asks whether that still holds: the browser tells of a movement only afterwards.
  const reading = { following: true, latest: undefined as string | undefined, look: () => {} };

  const get = (id: string) => entries.value.find(({ message }) => message.id === id);
  const without = (id: string) => entries.value.filter(({ message }) => message.id !== id);
  const into = (list: readonly Entry[], entry: Entry): Entry[] => {
    let index = list.length;
    while (index > 0 && list[index - 1]!.message.seq > entry.message.seq) index--;
    return list.toSpliced(index, 0, entry);
  };
  const fresh = (message: Message): Entry => ({ message, answer: tab.getJson<PressAnswer | undefined>(`answer:${message.id}`, undefined) });

  const show = (message: Message, catchingUp = false): 'new' | 'edited' | undefined => {
    const known = get(message.id);
    if (known && !known.message.working && known.message.revision >= message.revision) return undefined;
    const oldest = oldestOf(entries.value);
    const apart = !known && !catchingUp && oldest !== undefined && message.seq < oldest.message.seq;
    // An edit of what is not here: it is fetched as it is then.
    if (apart && !isOpenBoard(message)) return undefined;
    reading.look();
    batch(() => {
      // Work under way becomes its answer, in the answer's own place.
      const stays = known && known.message.seq === message.seq;
      const list = stays
        ? entries.value.map((entry) => (entry === known ? { ...entry, message } : entry))
        : into(known ? without(message.id) : entries.value, { ...fresh(message), apart });
      const long = !stays && list.length > MOST && reading.following;
      entries.value = long ? shortened(list) : list;
      if (long) more.value = true;
      if (apart) return;
      reading.latest = stays ? entries.value.at(-1)?.message.id : message.id;
      const below = !stays && !catchingUp && entries.value.at(-1)?.message === message;
      if (!reading.following && below) missed.value++;
    });
    return known ? 'edited' : 'new';
  };

  return {
    entries,
    more,
    missed,
    reading,
    get,
    remove(id: string): void {
      entries.value = without(id);
    },
    /** @returns what became of it: `new`, `edited`, or undefined when it was known already or is not shown. */
    show,
    /** Older messages go above. */
    prepend(messages: readonly Message[]): void {
      reading.following = false;
      entries.value = messages.reduce<readonly Entry[]>(
        (list, message) =>
          get(message.id)
            ? list.map((entry) => (entry.apart && entry.message.id === message.id ? { ...entry, apart: false } : entry))
            : into(list, fresh(message)),
        entries.value,
      );
    },
    /** Says below a message what a press in it was answered with. */
    answer(id: string, answer: PressAnswer): void {
      entries.value = entries.value.map((entry) =>
        entry.message.id === id ? { ...entry, answer: { ...answer, recorded: answer.recorded ?? entry.answer?.recorded } } : entry,
      );
    },
  };
}

/** The first of those that follow each other without a gap. */
export const oldestOf = (list: readonly Entry[]): Entry | undefined => list.find(({ apart }) => !apart);

const isOpenBoard = (message: Message): boolean => isBoard(message) && isOpen(message);

/** The oldest goes; an open question stays, apart from the rest, and goes when it is over. */
function shortened(list: readonly Entry[]): readonly Entry[] {
  const oldest = oldestOf(list);
  return list.flatMap((entry) => {
    if (entry !== oldest && !entry.apart) return [entry];
    return isOpenBoard(entry.message) ? [{ ...entry, apart: true }] : [];
  });
}

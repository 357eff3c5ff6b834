// The message list: days, runs of one author, and where the reader is.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { getJson, region, room, t } from '../lib/session.ts';
import type { Message } from '../lib/wire.ts';
import { currentBoard, isOpen } from '../quiz/boards.ts';
import { Sounds } from '../quiz/sound.tsx';
import { MessageItem } from './message.tsx';
import { type Outbox, type Unsent, UnsentLine } from './outbox.tsx';
import { type Entry, oldestOf, type RoomState } from './room-state.ts';

const TOGETHER_WITHIN = 300_000;
/** Messages that one step back brings. */
const STEP = 100;
/** So near to the end, in pixels, the reader follows. */
const NEAR = 60;

interface Props {
  state: RoomState;
  /** Takes a way to go to the newest message. */
  take: (toNewest: () => void) => void;
  outbox: Outbox;
  /** Takes a refused line back into the composer. */
  edit: (text: string) => void;
}

export function MessageList({ state, take, outbox, edit }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const earlier = useRef<HTMLButtonElement>(null);
  /** Where following goes; what stays in its place while older messages come above it. */
  const target = useRef(0);
  const anchor = useRef<{ id: string; top: number } | undefined>(undefined);
  const loading = useSignal(false);
  const entries = state.entries.value;
  const board = currentBoard(entries.map(({ message }) => message));
  const pinned = board && isOpen(board) ? board.id : undefined;
  const { reading, missed } = state;
  const apart = entries.filter((entry) => entry.apart);
  const together = entries.filter((entry) => !entry.apart);
  const unsent = outbox.waiting.value;
  const refused = unsent.filter((one) => one.refused);
  // Refused before anything was said.
  const lost = refused.filter(({ after }) => !entries.some(({ message }) => message.id === after));
  const item = (entry: Entry, before: Entry | undefined) => (
    <MessageItem key={entry.message.id} entry={entry} pinned={entry.message.id === pinned} {...grouping(before, entry)} />
  );
  const line = (one: Unsent) => <UnsentLine key={one.id} entry={one} outbox={outbox} edit={edit} />;

  const bottom = () => scroller.current!.scrollHeight - scroller.current!.clientHeight;
  const itemOf = (id: string) => list.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  /** Down to the newest, but never past the beginning of a message: a long answer is read from its top. */
  const follow = (id: string | undefined) => {
    const now = state.entries.value;
    const index = now.findIndex(({ message }) => message.id === id);
    const [question, entry] = [now[index - 1], now[index]];
    const from = question && entry && !question.message.author.bot && entry.message.author.bot ? question : entry;
    // What waits below, or was refused there, is what its writer looks for.
    const last = now.at(-1)?.message.id;
    const below = outbox.waiting.value.some(({ shown, refused, after }) => !shown && (!refused || after === last));
    const item = !below && from && itemOf(from.message.id);
    // What is pinned has no place of its own, and covers the top of the list for what comes below it.
    const open = list.current?.querySelector<HTMLElement>('.pinned');
    const covered = open && item && open.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING ? open.offsetHeight : 0;
    target.current = item && item !== open ? Math.min(bottom(), item.offsetTop - 12 - covered) : bottom();
    scroller.current!.scrollTop = target.current;
  };
  const toNewest = () => {
    reading.following = true;
    missed.value = 0;
    target.current = bottom();
    scroller.current!.scrollTop = target.current;
  };
  take(toNewest);

  useLayoutEffect(() => {
    if (anchor.current) {
      const item = itemOf(anchor.current.id);
      // The browser may have moved with it already.
      if (item) scroller.current!.scrollTop += item.getBoundingClientRect().top - anchor.current.top;
      anchor.current = undefined;
    } else if (reading.following) follow(reading.latest);
  }, [entries, unsent]);
  const follows = () => scroller.current!.scrollTop >= Math.min(target.current, bottom()) - NEAR;
  reading.look = () => {
    if (scroller.current && !follows()) reading.following = false;
  };
  useEffect(() => {
    // Pictures and fonts that come later must not push the newest out of sight.
    const watch = new ResizeObserver(() => {
      reading.look();
      if (reading.following) follow(state.entries.value.at(-1)?.message.id);
    });
    watch.observe(list.current!);
    return () => watch.disconnect();
  }, []);
  const onScroll = () => {
    reading.following = follows();
    if (reading.following && missed.value > 0 && scroller.current!.scrollTop >= bottom() - NEAR) missed.value = 0;
  };
  const stepBack = async () => {
    if (loading.value) return;
    loading.value = true;
    const first = oldestOf(entries)?.message;
    const path = `/api/rooms/${encodeURIComponent(room())}/messages`;
    const got = await getJson<{ messages: Message[] }>(path, { before: first?.seq }).catch(() => undefined);
    loading.value = false;
    if (!got) return;
    const top = first && itemOf(first.id)?.getBoundingClientRect().top;
    if (first && top !== undefined) anchor.current = { id: first.id, top };
    // The end is another one from now on, and nobody is on the way to it.
    target.current = Number.POSITIVE_INFINITY;
    const held = document.activeElement === earlier.current;
    state.prepend(got.messages);
    if (got.messages.length >= STEP) return;
    state.more.value = false;
    if (held) scroller.current!.focus({ preventScroll: true });
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section id="scroller" ref={scroller} tabIndex={0} aria-label={t('messages')} onScroll={onScroll}>
      <div class="column">
        {/* New messages are announced one by one below, not the whole log when it loads. */}
        <div id="messages" ref={list} role="log" aria-live="off" aria-label={t('messages')}>
          {apart.map((entry) => item(entry, undefined))}
          <button key="earlier" id="earlier" ref={earlier} type="button" hidden={!state.more.value} onClick={stepBack}>
            {t('earlier')}
          </button>
          {lost.map(line)}
          {/* One flat list: what stands in a list of its own is made anew when that list moves. */}
          {together.flatMap((entry, i) => [
            item(entry, together[i - 1]),
            ...refused.filter(({ after }) => after === entry.message.id).map(line),
          ])}
        </div>
        <Sounds board={board} />
        <div id="pending">{unsent.filter((one) => !one.refused && !one.shown).map(line)}</div>
      </div>
    </section>
  );
}

/** Whether a message begins a day, and whether it needs its author's name. */
function grouping(before: Entry | undefined, { message }: Entry): { day: string | undefined; first: boolean } {
  const other = before?.message;
  const newDay = !other || new Date(other.at).toDateString() !== new Date(message.at).toDateString();
  const together =
    !newDay &&
    other.author.id === message.author.id &&
    other.author.bot === message.author.bot &&
    other.private === message.private &&
    message.at - other.at < TOGETHER_WITHIN;
  return { day: newDay ? dayName(message.at) : undefined, first: !together };
}

function dayName(at: number): string {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return t('today');
  if (days === 1) return t('yesterday');
  return new Date(at).toLocaleDateString(region, { dateStyle: 'full' });
}

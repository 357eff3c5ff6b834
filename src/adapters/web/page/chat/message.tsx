import { Component, type RefObject } from 'preact';
import { useContext, useLayoutEffect, useRef } from 'preact/hooks';
import { region, room, t, user } from '../lib/session.ts';
import type { Message } from '../lib/wire.ts';
import { isBoard, withoutLeading } from '../quiz/boards.ts';
import { knownOf } from '../quiz/code.ts';
import { Invite } from '../quiz/invite.tsx';
import { VerdictCard } from '../quiz/verdict.tsx';
import { Blocks, hasPress, Pressing } from './blocks.tsx';
import type { Entry, PressAnswer } from './room-state.ts';

const TINTS = 8;

interface Props {
  entry: Entry;
  /** The day that begins with it. */
  day: string | undefined;
  /** Begins a run of messages of one author. */
  first: boolean;
  /** Stays in sight whatever else is said. */
  pinned: boolean;
}

/** One message. It is drawn anew only when it has changed: a room may show hundreds. */
export class MessageItem extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (['entry', 'day', 'first', 'pinned'] as const).some((name) => next[name] !== this.props[name]);
  }
  override render({ entry, day, first, pinned }: Props) {
    return (
      <>
        {day && <p class="day">{day}</p>}
        <Article entry={entry} first={first} pinned={pinned} />
      </>
    );
  }
}

function Article({ entry: { message, answer }, first, pinned }: Omit<Props, 'day'>) {
  const press = useContext(Pressing);
  const item = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  useFocusKept(item, body);
  useFocusFollows(item, message);
  const { author, at, text } = message;
  const time = new Date(at);
  const own = !author.bot && author.id === user().id;
  const classes = ['message', own && 'own', first && 'first', message.working && 'working', pinned && 'pinned'].filter(Boolean).join(' ');
  return (
    <article ref={item} class={classes} data-id={message.id} aria-label={author.name} tabIndex={-1}>
      <Avatar author={author} />
      <div class="head">
        <b>{author.name}</b>
        <time dateTime={time.toISOString()} title={time.toLocaleString(region)}>
          {time.toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit' })}
        </time>
        {message.private && <span class="private">{t('only-you')}</span>}
      </div>
      <div ref={body} class={text === undefined ? 'card' : ''}>
        {text !== undefined ? (
          <Said text={text} />
        ) : message.quiz?.verdict ? (
          <VerdictCard verdict={message.quiz.verdict} blocks={message.blocks} />
        ) : (
          <Blocks message={asSeen(message)} picked={answer?.recorded?.split(', ') ?? []} />
        )}
        {isBoard(message) && message.quiz.board === 'lobby' && <Invite board={message} />}
      </div>
      {!author.bot && text !== undefined && !/^[/／]/.test(text) && (
        <button type="button" class="quiet keep" onClick={() => press('1~notes~keep', message)}>
          {t('save-as-note')}
        </button>
      )}
      <Status message={message} answer={answer} />
    </article>
  );
}

/** Where its button is gone, the keyboard stays at the message and goes on from there. */
function useFocusKept(item: RefObject<HTMLElement | null>, body: RefObject<HTMLElement | null>): void {
  // While this runs the document is still as it was before the change.
  const active = document.activeElement;
  const held = body.current?.contains(active) ? (active as HTMLElement) : undefined;
  const press = held?.dataset.press;
  useLayoutEffect(() => {
    if (!held || body.current?.contains(document.activeElement)) return;
    const same = press && body.current?.querySelector<HTMLElement>(`[data-press="${CSS.escape(press)}"]`);
    (same || item.current)?.focus({ preventScroll: true });
  });
}

/** Who does not lead a quiz is offered nothing that they would be refused. */
function asSeen(message: Message): Message {
  const over = message.quiz?.state === 'ended' || !isBoard(message);
  return !over && knownOf(room(), message.quiz.id)?.leads === false ? withoutLeading(message) : message;
}

/** Who had the focus in a quiz's message goes on in its next one: from the question to the answer, and on to the next. */
function useFocusFollows(item: RefObject<HTMLElement | null>, message: Message): void {
  useLayoutEffect(() => {
    if (!isBoard(message)) return;
    const from = document.activeElement?.closest<HTMLElement>('.message')?.dataset.id;
    if (from !== message.id && from?.startsWith(`${message.quiz.id}:`)) item.current?.focus({ preventScroll: true });
  }, []);
}

/** What a press was answered with goes when its button goes; what one chose is still said. */
function Status({ message, answer }: { message: Message; answer: PressAnswer | undefined }) {
  const over = answer?.press !== undefined && !hasPress(message, answer.press);
  const recorded = over && answer.recorded ? t('your-answer', { answer: answer.recorded }) : '';
  // Once it is over, whether it was right is told elsewhere.
  const look = over ? 'answer over' : answer?.error ? 'answer error' : 'answer';
  return (
    <p class={look} role="status">
      {over ? recorded : (answer?.text ?? '')}
    </p>
  );
}

/** What a person typed: a command reads as one. */
function Said({ text }: { text: string }) {
  return <div class={/^[/／]\S/.test(text) ? 'said command' : 'said'}>{text}</div>;
}

function Avatar({ author: { name, bot } }: { author: Message['author'] }) {
  if (bot) return <img class="avatar" src="/static/icon.svg" alt="" width={36} height={36} />;
  const hash = [...name].reduce((sum, char) => (sum * 31 + char.codePointAt(0)!) >>> 0, 7);
  return (
    <span class={`avatar tint-${hash % TINTS}`} aria-hidden="true">
      {initial(name)}
    </span>
  );
}

/** A guest's number says more than the G that all of them share. */
function initial(name: string): string {
  const number = name.match(/\s(\d{2})\d*$/)?.[1];
  return number ?? [...name][0]!.toUpperCase();
}

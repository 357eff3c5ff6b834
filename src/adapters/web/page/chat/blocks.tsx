// Draws what the bot says, block by block. Everything that people typed is set as text; only the server's own
// Markdown is set as HTML, and the server escapes raw HTML there.
import { createContext, type VNode } from 'preact';
import { useContext, useState } from 'preact/hooks';
import { Figure } from '../chart/figure.tsx';
import { t } from '../lib/session.ts';
import { Html, Medal, Table } from '../lib/ui.tsx';
import type { Block, Button, Message, Source } from '../lib/wire.ts';
import { AskForm } from './ask-form.tsx';
import { Deadline } from './clock.tsx';

const MEDALS = ['🥇', '🥈', '🥉'];

/** A message, or what a run in the lab has shown. */
export type Drawn = Pick<Message, 'id' | 'blocks' | 'demo' | 'note' | 'quiz'>;

/** What a pressed button does. @param text what was typed into its form. @returns whether it was taken */
export type Press = (id: string, message: Drawn, text?: string) => Promise<boolean>;
export const Pressing = createContext<Press>(async () => false);

interface Props {
  message: Drawn;
  /** Which letters were picked, in the order of the presses. */
  picked?: readonly string[];
  /** Leaves out the way to the lab, and to the note. */
  inLab?: boolean;
}

/** A block keeps its place while those around it change: no flicker, and the focus stays under the reader's finger. */
export function Blocks({ message, picked = [], inLab = false }: Props) {
  const blocks = message.blocks ?? [];
  // While one can choose, the choices are on the buttons.
  const open = message.quiz && blocks.some((block) => block.type === 'buttons' && choicesOf(message, block.items));
  const count = new Map<string, number>();
  return (
    <>
      {blocks.map((block) => {
        if (open && block.type === 'markdown' && block.text.startsWith('**A.** ')) return null;
        const name = nameOf(block);
        const number = count.get(name) ?? 0;
        count.set(name, number + 1);
        return <OneBlock key={`${name}:${number}`} block={block} message={message} picked={picked} inLab={inLab} />;
      })}
    </>
  );
}

function nameOf(block: Block): string {
  if (block.type === 'buttons') return `buttons ${block.items[0]?.id}`;
  return block.type === 'image' ? `image ${block.url}` : block.type;
}

function OneBlock({ block, message, picked, inLab }: Required<Props> & { block: Block }): VNode | null {
  switch (block.type) {
    case 'heading':
      return (
        <h2>
          {message.note && !inLab ? (
            <a href={message.note} title={t('notes.whole')}>
              {block.text}
            </a>
          ) : (
            block.text
          )}
        </h2>
      );
    case 'markdown':
      return <Html markup={block.html} />;
    case 'note':
      return <p class={`note ${block.tone ?? ''}`}>{block.text}</p>;
    case 'fields':
      return block.items.length > 0 && block.items.every(({ name }) => MEDALS.includes(name.split(' ')[0]!)) ? (
        <Podium items={block.items} />
      ) : (
        <dl>{block.items.flatMap(({ name, value }) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}>{value}</dd>])}</dl>
      );
    case 'table':
      return <Table columns={block.columns} rows={block.rows} />;
    case 'image':
      return <Figure block={block} demo={message.demo} inLab={inLab} />;
    case 'file':
      return (
        <p>
          <a href={block.url} download={block.name}>{`${t('save-file')} ${block.name}`}</a>
        </p>
      );
    case 'buttons':
      return <Buttons items={block.items} message={message} picked={picked} />;
    case 'rows':
      return (
        <ul class="rows">
          {block.items.map((item) => (
            <li key={item.button.id}>
              <Html markup={item.html} inline />
              <PressButton item={item.button} message={message} />
            </li>
          ))}
        </ul>
      );
    case 'sources':
      return (
        <details class="sources">
          <summary>{`${block.label.replace(/[:：]$/, '')} (${block.items.length})`}</summary>
          <ol>{block.items.map(sourceLine)}</ol>
        </details>
      );
    case 'deadline':
      return <Deadline text={block.text} at={block.at} />;
    default:
      return <hr />;
  }
}

/** Where these buttons are a question's choices, their texts stand on them, and which were picked. */
function Buttons({ items, message, picked }: { items: Button[]; message: Drawn; picked: readonly string[] }) {
  const choices = choicesOf(message, items);
  return (
    <div class={choices ? 'actions picks' : 'actions'} data-order={choices && String(message.quiz?.ordered)}>
      {items.map((item) => {
        const place = picked.indexOf(item.label);
        const choice = choices && { html: choices.get(item.id) ?? '', place, ordered: message.quiz?.ordered === true };
        return <PressButton key={item.id} item={item} message={message} {...(choice && { choice })} />;
      })}
    </div>
  );
}

interface PressButtonProps {
  item: Button;
  message: Drawn;
  choice?: { html: string; place: number; ordered: boolean };
}

/** A form takes the button's place until it is sent or left with Escape. */
function PressButton({ item, message, choice }: PressButtonProps) {
  const press = useContext(Pressing);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = async (text?: string): Promise<boolean> => {
    setBusy(true);
    const taken = await press(item.id, message, text);
    setBusy(false);
    return taken;
  };
  if (asking && item.form) return <AskForm form={item.form} id={item.id} busy={busy} send={send} close={() => setAsking(false)} />;
  return (
    <button
      type="button"
      disabled={Boolean(item.disabled)}
      class={item.style ?? ''}
      data-press={item.id}
      aria-busy={busy ? 'true' : undefined}
      aria-pressed={choice && (String(choice.place >= 0) as 'true' | 'false')}
      onClick={() => (item.form ? setAsking(true) : void send())}
    >
      {choice ? (
        <>
          <b>{item.label}</b>
          <Html markup={choice.html} inline />
          {choice.place >= 0 && choice.ordered && <i class="place">{`${choice.place + 1}.`}</i>}
        </>
      ) : (
        item.label
      )}
    </button>
  );
}

/** The texts behind a question's letters, by button id, when these buttons are its choices. */
function choicesOf({ quiz }: Drawn, items: Button[]): Map<string, string> | undefined {
  const texts = new Map(quiz?.choices.map(({ id, html }) => [id, html]));
  return items.some(({ id }) => texts.has(id)) ? texts : undefined;
}

/** Whether a button is there to be pressed. */
export function hasPress({ blocks = [] }: Drawn, id: string): boolean {
  return blocks.some((block) =>
    block.type === 'buttons'
      ? block.items.some((item) => item.id === id)
      : block.type === 'rows' && block.items.some(({ button }) => button.id === id),
  );
}

function sourceLine({ title, author, year, url, supports }: Source) {
  const by = [author, year].filter(Boolean).join(', ');
  return (
    <li key={url}>
      <a href={url} target="_blank" rel="noopener noreferrer">
        {title}
      </a>
      {by && ` (${by})`}
      {supports && `: ${supports}`}
    </li>
  );
}

/** The best three on their steps; people who share a rank stand equally high. */
function Podium({ items }: { items: { name: string; value: string }[] }) {
  return (
    <ol class="podium">
      {items.map(({ name, value }) => {
        const [first, ...words] = name.split(' ');
        const rank = MEDALS.indexOf(first!) + 1;
        return (
          <li key={name} class={`step-${rank}`}>
            <Medal rank={rank} />
            <b>{words.join(' ')}</b>
            <span>{value}</span>
          </li>
        );
      })}
    </ol>
  );
}

// The input line: Enter sends, ↑ brings back earlier lines, / opens the palette (the same completions as Discord's).
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { getJson, t, tab } from '../lib/session.ts';
import { announce } from '../lib/telling.ts';

const REMEMBERED = 50;

interface Choice {
  value: string;
  label: string;
}

const text = signal(tab.get('draft') ?? '');
const choices = signal<Choice[]>([]);
const selected = signal(-1);
/** Asks for the line's focus. */
const wanted = signal(0);
const history = tab.getJson<string[]>('history', []);
let at = history.length;
let asked = 0;

function write(line: string): void {
  text.value = line;
  tab.set('draft', line);
}

function close(): void {
  choices.value = [];
  selected.value = -1;
}

async function offer(): Promise<void> {
  // Chinese keyboards give the full-width slash.
  const line = text.value.replace(/^／/, '/');
  const mine = ++asked;
  if (!line.startsWith('/')) return close();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const got = await getJson<Choice[]>('/api/complete', { line, zone }).catch(() => []);
  if (mine !== asked) return;
  const fresh = got.filter(({ value }) => value.trim() !== line.trim());
  if (fresh.length > 0 && choices.value.length === 0) announce(t('suggestion-count', { count: fresh.length }));
  selected.value = -1;
  choices.value = fresh;
}

/** Puts a line there, to be changed or sent. */
export function compose(line: string): void {
  write(line);
  wanted.value++;
  void offer();
}

function recall(step: number): void {
  at = Math.max(0, Math.min(history.length, at + step));
  write(history[at] ?? '');
}

export function Composer({ submit, children }: { submit: (line: string) => void; children: preact.ComponentChildren }) {
  const line = useRef<HTMLInputElement>(null);
  const palette = useRef<HTMLUListElement>(null);
  const open = choices.value.length > 0;
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) line.current?.focus();
  }, []);
  useLayoutEffect(() => {
    if (wanted.value > 0) line.current?.focus();
  }, [wanted.value]);
  useLayoutEffect(() => {
    palette.current?.children[selected.value]?.scrollIntoView({ block: 'nearest' });
  }, [selected.value]);

  const send = () => {
    // What the field holds counts: a program may have put it there.
    const said = line.current!.value.trim();
    if (said === '') return;
    if (history.at(-1) !== said && said.length < 2000) history.push(said);
    if (history.length > REMEMBERED) history.shift();
    tab.setJson('history', history);
    at = history.length;
    line.current!.value = '';
    write('');
    asked++;
    close();
    submit(said);
  };
  const select = (index: number) => {
    selected.value = (index + choices.value.length) % choices.value.length;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, its keys are its own; Safari tells by the code alone.
    if (event.isComposing || event.keyCode === 229) return;
    const { key, shiftKey } = event;
    const recalled = text.value === '' || text.value === history[at];
    if (key === 'Escape' && open) close();
    else if (key === 'ArrowDown' && open) select(selected.value + 1);
    else if (key === 'ArrowUp' && open) select(selected.value < 0 ? -1 : selected.value - 1);
    else if (key === 'Tab' && open && !shiftKey) compose(choices.value[Math.max(0, selected.value)]!.value);
    else if (key === 'Enter' && open && selected.value >= 0) compose(choices.value[selected.value]!.value);
    else if (key === 'Enter') send();
    else if (key === 'ArrowUp' && recalled && !shiftKey) recall(-1);
    else if (key === 'ArrowDown' && text.value === history[at]) recall(1);
    else return;
    event.preventDefault();
  };
  return (
    <form
      id="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {children}
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox, as ARIA's authors draw it */}
      <ul id="palette" ref={palette} role="listbox" aria-label={t('suggestions')} hidden={!open}>
        {choices.value.map(({ value, label }, i) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the line, see aria-activedescendant
          <li
            key={value}
            id={`choice-${i}`}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of the combobox
            role="option"
            aria-selected={i === selected.value}
            onPointerDown={(event) => {
              // A click would first take the focus away.
              event.preventDefault();
              compose(value);
            }}
          >
            <Worded label={label} />
          </li>
        ))}
      </ul>
      <input
        id="line"
        ref={line}
        maxLength={120_000}
        placeholder={t('placeholder')}
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="send"
        role="combobox"
        aria-label={t('placeholder')}
        aria-autocomplete="list"
        aria-controls="palette"
        aria-expanded={open}
        aria-activedescendant={selected.value >= 0 ? `choice-${selected.value}` : undefined}
        value={text.value}
        onInput={(event) => {
          write(event.currentTarget.value);
          void offer();
        }}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <button id="send" type="submit" class="primary">
        {t('send')}
      </button>
    </form>
  );
}

/** `/demo — Run an experiment`, `depth: hidden layers` or `depth（深度）：隐藏层数`: the part that is typed stands out. */
function Worded({ label }: { label: string }) {
  const [, typed, rest] = label.match(/^(\/?[\w-]+)(?::? — |: | |(?=[（：]))(.+)$/s) ?? [];
  if (!typed) return <>{label}</>;
  return (
    <>
      <b>{typed}</b> <span>{rest}</span>
    </>
  );
}

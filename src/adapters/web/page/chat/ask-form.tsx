import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../lib/session.ts';
import type { Form } from '../lib/wire.ts';

interface Props {
  form: Form;
  /** Of the button that it stands for: what is said of a press stays while either is there. */
  id: string;
  busy: boolean;
  send: (text: string) => Promise<boolean>;
  close: () => void;
}

/** The field that a button asks for, in the button's place. */
export function AskForm({ form: { title, label, placeholder = '', maxLength, lines, value = '' }, id, busy, send, close }: Props) {
  const box = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const leave = () => {
    const { parentElement } = box.current!;
    close();
    // The button is back after the next drawing.
    setTimeout(() => parentElement?.querySelector<HTMLElement>(`[data-press="${CSS.escape(id)}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave();
    // In a field of several lines Enter begins the next one.
    if (lines && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) box.current?.requestSubmit();
  };
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (await send(field.current!.value)) leave();
    else field.current?.focus();
  };
  const attributes = { required: true, maxLength, placeholder, autocomplete: 'off' as const, 'aria-label': label, defaultValue: value };
  return (
    <form ref={box} class="ask-line" aria-label={title} data-press={id} onKeyDown={onKeyDown} onSubmit={onSubmit}>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the field stands in it, as one of two kinds */}
      <label>
        <span>{label}</span>
        {lines ? <textarea ref={field} rows={value ? 12 : 5} {...attributes} /> : <input ref={field} type="text" {...attributes} />}
      </label>
      <button type="submit" class="primary" aria-busy={busy ? 'true' : undefined}>
        {t('send')}
      </button>
    </form>
  );
}

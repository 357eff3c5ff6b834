// The input line: Enter sends, ↑ brings back earlier lines, / opens the palette (the same completions as Discord's).
import { announce, el } from '../lib/dom.js';
import { t, tab } from '../lib/session.js';

const REMEMBERED = 50;

export function createComposer({ form, line, palette, complete, submit }) {
  const history = tab.getJson('history', []);
  let at = history.length;
  let selected = -1;
  let asked = 0;

  const close = () => {
    palette.hidden = true;
    selected = -1;
    line.setAttribute('aria-expanded', 'false');
    line.removeAttribute('aria-activedescendant');
  };
  const select = (index) => {
    const items = [...palette.children];
    selected = (index + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute('aria-selected', String(i === selected)));
    items[selected].scrollIntoView({ block: 'nearest' });
    line.setAttribute('aria-activedescendant', items[selected].id);
  };
  const write = (text) => {
    line.value = text;
    tab.set('draft', text);
  };
  const accept = (value) => {
    write(value);
    line.focus();
    void offer();
  };
  const offer = async () => {
    // Chinese keyboards give the full-width slash.
    const text = line.value.replace(/^／/, '/');
    const mine = ++asked;
    if (!text.startsWith('/')) return close();
    const choices = await complete(text).catch(() => []);
    if (mine !== asked) return;
    const fresh = choices.filter(({ value }) => value.trim() !== text.trim());
    if (fresh.length === 0) return close();
    selected = -1;
    line.removeAttribute('aria-activedescendant');
    palette.replaceChildren(
      ...fresh.map(({ value, label }, i) => {
        const item = el('li', { id: `choice-${i}`, role: 'option', 'aria-selected': 'false', 'data-value': value }, ...worded(label));
        // pointerdown, since a click would first take the focus away.
        item.onpointerdown = (event) => {
          event.preventDefault();
          accept(value);
        };
        return item;
      }),
    );
    if (palette.hidden) announce(t('suggestion-count', { count: fresh.length }));
    palette.hidden = false;
    line.setAttribute('aria-expanded', 'true');
  };
  const send = () => {
    const text = line.value.trim();
    if (text === '') return;
    if (history.at(-1) !== text && text.length < 2000) history.push(text);
    if (history.length > REMEMBERED) history.shift();
    tab.setJson('history', history);
    at = history.length;
    write('');
    asked++;
    close();
    submit(text);
  };
  const recall = (step) => {
    at = Math.max(0, Math.min(history.length, at + step));
    write(history[at] ?? '');
    line.setSelectionRange(line.value.length, line.value.length);
  };

  line.addEventListener('input', () => {
    write(line.value);
    void offer();
  });
  line.addEventListener('blur', close);
  line.addEventListener('keydown', (event) => {
    // While an input method composes, its keys are its own; Safari tells by the code alone.
    if (event.isComposing || event.keyCode === 229) return;
    const open = !palette.hidden;
    const recalled = line.value === '' || line.value === history[at];
    if (event.key === 'Escape' && open) close();
    else if (event.key === 'ArrowDown' && open) select(selected + 1);
    else if (event.key === 'ArrowUp' && open) select(selected < 0 ? -1 : selected - 1);
    else if (event.key === 'Tab' && open && !event.shiftKey) accept(palette.children[Math.max(0, selected)].dataset.value);
    else if (event.key === 'Enter' && open && selected >= 0) accept(palette.children[selected].dataset.value);
    else if (event.key === 'Enter') send();
    else if (event.key === 'ArrowUp' && recalled && !event.shiftKey) recall(-1);
    else if (event.key === 'ArrowDown' && line.value === history[at]) recall(1);
    else return;
    event.preventDefault();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  write(tab.get('draft') ?? '');
  close();
  return { write: accept };
}

/** `/demo — Run an experiment` or `depth: hidden layers (2…50)`: the part that is typed stands out. */
function worded(label) {
  const [, typed, , rest] = label.match(/^(\/?[\w-]+:?)( — |: | )(.*)$/s) ?? [];
  return typed ? [el('b', { textContent: typed.replace(/:$/, '') }), ' ', el('span', { textContent: rest })] : [label];
}

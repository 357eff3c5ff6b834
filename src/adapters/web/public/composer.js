// The input line: Enter sends, ↑ brings back earlier lines, / opens the palette (the same completions as Discord's).
import { el } from './messages.js';

export function createComposer({ form, line, palette, complete, submit }) {
  const history = [];
  let at = 0;
  let selected = -1;
  let asked = 0;

  const close = () => {
    palette.hidden = true;
    selected = -1;
    line.removeAttribute('aria-activedescendant');
  };
  const select = (index) => {
    const items = [...palette.children];
    selected = (index + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute('aria-selected', String(i === selected)));
    items[selected].scrollIntoView({ block: 'nearest' });
    line.setAttribute('aria-activedescendant', items[selected].id);
  };
  const accept = (value) => {
    line.value = value;
    line.focus();
    grow();
    void offer();
  };
  const offer = async () => {
    const text = line.value;
    const mine = ++asked;
    if (!text.startsWith('/') || text.includes('\n')) return close();
    const choices = await complete(text).catch(() => []);
    if (mine !== asked) return;
    const fresh = choices.filter(({ value }) => value.trim() !== text.trim());
    if (fresh.length === 0) return close();
    selected = -1;
    palette.replaceChildren(
      ...fresh.map(({ value, label }, i) => {
        const item = el('li', { id: `choice-${i}`, textContent: label });
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        item.dataset.value = value;
        // mousedown, since a click would first take the focus away.
        item.onmousedown = (event) => {
          event.preventDefault();
          accept(value);
        };
        return item;
      }),
    );
    palette.hidden = false;
  };
  const grow = () => {
    line.rows = Math.min(8, line.value.split('\n').length);
  };
  const send = () => {
    const text = line.value.trim();
    if (text === '') return;
    history.push(text);
    at = history.length;
    line.value = '';
    asked++;
    close();
    grow();
    submit(text);
  };
  const recall = (step) => {
    at = Math.max(0, Math.min(history.length, at + step));
    line.value = history[at] ?? '';
    grow();
  };

  line.addEventListener('input', () => {
    grow();
    void offer();
  });
  line.addEventListener('blur', close);
  line.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const open = !palette.hidden;
    if (event.key === 'Escape' && open) close();
    else if (event.key === 'ArrowDown' && open) select(selected + 1);
    else if (event.key === 'ArrowUp' && open) select(selected < 0 ? -1 : selected - 1);
    else if (event.key === 'Tab' && open && !event.shiftKey) accept(palette.children[Math.max(0, selected)].dataset.value);
    else if (event.key === 'Enter' && open && selected >= 0) accept(palette.children[selected].dataset.value);
    else if (event.key === 'Enter' && !event.shiftKey) send();
    else if (event.key === 'ArrowUp' && (line.value === '' || line.value === history[at])) recall(-1);
    else if (event.key === 'ArrowDown' && line.value === history[at]) recall(1);
    else return;
    event.preventDefault();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
}

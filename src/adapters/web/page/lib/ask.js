// Asking the reader for a word, such as their name.
import { el } from './dom.js';
import { setUser, t, user } from './session.js';

/** `window.prompt` as a dialog of our own; undefined when it was cancelled. */
export function askFor(label, value) {
  const input = el('input', { value, required: true, maxLength: 40, id: 'asked' });
  const cancel = el('button', { type: 'submit', value: 'cancel', formNoValidate: true, className: 'quiet', textContent: t('cancel') });
  const ok = el('button', { type: 'submit', value: 'ok', className: 'primary', textContent: t('ok') });
  const dialog = el(
    'dialog',
    { id: 'ask', 'aria-label': label },
    el('form', { method: 'dialog' }, el('label', { for: 'asked', textContent: label }), input, el('div', { className: 'row' }, cancel, ok)),
  );
  // Enter means OK, though cancel comes first in the row.
  input.onkeydown = (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    ok.click();
  };
  document.body.append(dialog);
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      dialog.remove();
      resolve(dialog.returnValue === 'ok' ? input.value.trim() : undefined);
    };
  });
}

export async function rename() {
  const name = (await askFor(t('name'), user().name))?.slice(0, 32);
  if (!name || name === user().name) return;
  await setUser(name);
  location.reload();
}

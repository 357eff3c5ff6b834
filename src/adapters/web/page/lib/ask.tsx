// Asking the reader for a word, such as their name.
import { render } from 'preact';
import { setUser, t, user } from './session.ts';

/** `window.prompt` as a dialog of our own; undefined when it was cancelled. */
export function askFor(label: string, value: string): Promise<string | undefined> {
  const box = document.createElement('div');
  document.body.append(box);
  // Enter means OK, though cancel comes first in the row.
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    box.querySelector<HTMLButtonElement>('[value=ok]')?.click();
  };
  render(
    <dialog id="ask" aria-label={label}>
      <form method="dialog">
        <label for="asked">{label}</label>
        <input id="asked" defaultValue={value} required maxLength={40} onKeyDown={enter} />
        <div class="row">
          <button type="submit" value="cancel" formNoValidate class="quiet">
            {t('cancel')}
          </button>
          <button type="submit" value="ok" class="primary">
            {t('ok')}
          </button>
        </div>
      </form>
    </dialog>,
    box,
  );
  const dialog = box.querySelector('dialog')!;
  const input = box.querySelector('input')!;
  dialog.showModal();
  input.select();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      const given = dialog.returnValue === 'ok' ? input.value.trim() : undefined;
      render(null, box);
      box.remove();
      resolve(given);
    };
  });
}

export async function rename(): Promise<void> {
  const name = (await askFor(t('name'), user().name))?.slice(0, 32);
  if (!name || name === user().name) return;
  await setUser(name);
  location.reload();
}

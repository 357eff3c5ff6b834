import { el } from './lib/dom.js';
import { t } from './lib/session.js';
export async function show(main) {
  main.classList.add('page');
  main.append(el('h1', { textContent: t('nav-progress') }));
}

// What a note claims and a number decides: run here, in the text.

import { createDrawers } from '../chat/blocks.js';
import { startRun } from '../lab/run.js';
import { el, html } from '../lib/dom.js';
import { t } from '../lib/session.js';

const drawers = createDrawers({ inLab: true });

export function claims(list) {
  return el('ul', { className: 'claims' }, list.map(claim));
}

function claim({ html: markup, expected, lab, run }) {
  const outcome = el('div', { className: 'outcome', role: 'status' });
  const button = el('button', { type: 'button', textContent: t('notes.run') });
  button.onclick = async () => {
    button.disabled = true;
    outcome.textContent = t('notes.running');
    try {
      outcome.replaceChildren(...results(await startRun(run, ({ fraction }) => progress(outcome, fraction))));
    } catch {
      outcome.textContent = t('notes.failed');
    }
    button.disabled = false;
  };
  return el(
    'li',
    {},
    html(markup, 'span'),
    el('small', { textContent: ` ${expected} ` }),
    el('span', { className: 'acts' }, button, ' ', el('a', { href: lab, textContent: t('notes.in-lab') })),
    outcome,
  );
}

const progress = (outcome, fraction) => {
  if (fraction > 0) outcome.textContent = `${t('notes.running')} ${Math.round(100 * fraction)} %`;
};

/** The run as the lab shows it, without what can be pressed; an error as the text that says what to do. */
function results(reply) {
  if (reply.result?.kind !== 'demo') return [el('p', { className: 'note error', textContent: reply.text.replace(/^! /, '') })];
  const blocks = reply.blocks.filter(({ type }) => !['buttons', 'rows', 'heading', 'sources'].includes(type));
  return drawers.parts({ id: 'run', blocks, demo: reply.result }).map(([, make]) => make());
}

// The lab: an experiment's parameters as controls, its chart, and two runs side by side. The address holds all of it.
import { drawBlocks } from '../chat/draw.tsx';
import { $, el } from '../lib/dom.js';
import { browser, getJson, room, roomPath, t } from '../lib/session.ts';
import { announce, notice } from '../lib/telling.ts';
import { comparison } from './compare.js';
import { createControls } from './controls.js';
import { startRun } from './run.js';

/** Runs that take longer wait for the button. */
const LIVE_UNDER = 2000;
const DICE = `<svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
  <rect x="2" y="2" width="16" height="16" rx="3.5"/><path stroke-width="3" stroke-linecap="round" d="M6.5 6.5h0M13.5 6.5h0M10 10h0M6.5 13.5h0M13.5 13.5h0"/></svg>`;

export async function show(main) {
  main.classList.add('lab');
  const { demos, maxSeed } = await getJson('/api/demos');
  const named = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const demo = demos.find(({ name }) => name === named) ?? demos[0];
  const query = Object.fromEntries(new URLSearchParams(location.search));
  const state = { kept: undefined, run: undefined, abort: undefined, lastMs: undefined };

  const controls = createControls(demo, query, settled);
  main.append(...build({ demos, demo, fields: controls.fields, maxSeed }));
  const seed = $('seed');
  seed.value = query.seed ?? 1;
  $('live').checked = browser.get('lab-live') !== 'no';

  function settled() {
    address();
    if ($('live').checked && state.lastMs !== undefined && state.lastMs < LIVE_UNDER) void run();
  }
  function roll() {
    return 1 + Math.floor(Math.random() * 9999);
  }
  function current() {
    const { params, problem } = controls.read();
    const fits = seed.validity.valid && seed.value !== '';
    const bad =
      problem ?? (fits ? undefined : { text: `${t('lab.seed')}: ${t('lab.range', { min: 0, max: maxSeed })}`, focus: () => seed.focus() });
    return { demo: demo.name, params, seed: Number(seed.value), problem: bad };
  }
  /** Everything that decides the numbers stands in the address, so the address is the link. */
  function address() {
    const { params, seed: number, problem } = current();
    if (problem) return;
    const query = new URLSearchParams(Object.entries({ ...params, seed: number }).map(([name, value]) => [name, String(value)]));
    history.replaceState(null, '', `/lab/${demo.name}?${query}`);
    $('command').textContent = commandOf(demo, params, number);
    $('in-chat').href = `${roomPath(room())}?${new URLSearchParams({ draft: $('command').textContent })}`;
  }

  async function run() {
    const wanted = current();
    $('problem').textContent = wanted.problem?.text ?? '';
    if (wanted.problem) return wanted.problem.focus();
    address();
    state.abort?.abort();
    const abort = new AbortController();
    state.abort = abort;
    busy(true);
    const started = performance.now();
    try {
      const reply = await startRun(wanted, progress, abort.signal);
      if (state.abort !== abort) return;
      if (reply.result?.kind === 'error') failed(reply.text.replace(/^! /, ''));
      else {
        state.lastMs = performance.now() - started;
        state.run = { reply, ...reply.result };
        draw();
        announce(t('lab.finished'));
      }
    } catch {
      if (state.abort !== abort) return;
      if (abort.signal.aborted) $('problem').textContent = t('lab.cancelled');
      else failed(t('failed'));
    } finally {
      if (state.abort === abort) busy(false);
    }
  }
  function busy(is) {
    if (!is) state.abort = undefined;
    // A button that is taken away must not take the keyboard's place with it.
    if (!is && document.activeElement === $('cancel')) $('run').focus();
    $('cancel').disabled = !is;
    $('progress').hidden = !is;
    $('live-line').hidden = is;
    $('results').setAttribute('aria-busy', String(is));
    if (is) progress({ place: 0, fraction: 0 });
  }
  function progress({ place, fraction }) {
    $('bar').value = fraction;
    $('how-far').textContent = place > 0 ? t('lab.waiting', { place }) : t('lab.running', { percent: Math.round(fraction * 100) });
  }

  /** Stands where the chart would: an earlier chart beside it would pass for this run's. */
  function failed(text) {
    state.run = undefined;
    draw(el('p', { className: 'note error', role: 'alert', textContent: text }));
    $('results').firstChild.scrollIntoView({ block: 'nearest' });
  }

  /** @param instead what is shown in the place of the new run. */
  function draw(instead) {
    const { kept, run: fresh } = state;
    const both = kept && fresh && kept !== fresh;
    const [is, isNot] = [({ type }) => type === 'image', ({ type }) => type !== 'image'];
    $('results').className = both ? 'two' : '';
    $('results').replaceChildren(
      ...(both
        ? [panel(kept, is, t('lab.kept')), panel(fresh, is, t('lab.new')), comparison(kept, fresh), panel(kept, isNot), panel(fresh, isNot)]
        : [
            instead,
            ...[instead ? kept : (fresh ?? kept)]
              .filter(Boolean)
              .map((one) => panel(one, () => true, one === kept ? t('lab.kept') : demo.title)),
          ].filter(Boolean)),
    );
  }
  /** The part of a run's reply that `fits`, with a title and the way to keep it where it has a `label`. */
  function panel(one, fits, label) {
    const shown = one.reply.blocks.filter(({ type }) => type !== 'buttons' && type !== 'heading').filter(fits);
    const [word, next] = one === state.kept ? ['lab.drop', undefined] : ['lab.keep', one];
    const keep = el('button', { type: 'button', textContent: t(word), onclick: () => keepRun(next) });
    return el(
      label ? 'section' : 'div',
      { className: 'panel card', 'aria-label': label },
      label ? el('div', { className: 'title' }, el('h2', { textContent: label }), keep) : undefined,
      drawBlocks({ id: 'run', blocks: shown, demo: one }),
    );
  }
  function keepRun(one) {
    state.kept = one;
    draw();
  }

  $('demo').onchange = () => {
    location.href = `/lab/${encodeURIComponent($('demo').value)}`;
  };
  $('controls').onsubmit = async (event) => {
    event.preventDefault();
    await run();
    // On a phone the chart is below the controls.
    if (matchMedia('(max-width: 48rem)').matches && !$('problem').textContent) $('results').scrollIntoView();
  };
  $('cancel').onclick = () => state.abort?.abort();
  $('dice').onclick = () => {
    seed.value = roll();
    settled();
  };
  seed.onchange = settled;
  $('reset').onclick = () => {
    controls.set({});
    settled();
  };
  $('live').onchange = () => browser.set('lab-live', $('live').checked ? 'yes' : 'no');
  for (const [i, button] of [...$('vary').querySelectorAll('button')].entries())
    button.onclick = () => {
      controls.set(demo.variations[i].params);
      void run();
    };
  const copy = async (text) => {
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    notice(done ? t('done-copying') : text, 8000);
  };
  $('copy').onclick = () => copy($('command').textContent);
  $('link').onclick = () => copy(location.href);

  address();
  // A link to a run shows that run; without one, the defaults, which somebody has most likely run before.
  await run();
}

/** The command that makes this run; defaults are left out, as in the bot's own replies. */
function commandOf(demo, params, seed) {
  const changed = demo.params.filter(({ name, default: usual }) => String(params[name]) !== String(usual));
  return [`/demo ${demo.name}`, ...changed.map(({ name }) => `${name}:${params[name]}`), `seed:${seed}`].join(' ');
}

function build({ demos, demo, fields, maxSeed }) {
  const options = demos.map(({ name, title }) => el('option', { value: name, textContent: title, selected: name === demo.name }));
  const button = (id, label, props = {}) => el('button', { id, type: 'button', textContent: t(label), ...props });
  const dice = el('button', { id: 'dice', type: 'button', title: t('lab.dice'), 'aria-label': t('lab.dice'), innerHTML: DICE });
  const form = el(
    'form',
    { id: 'controls', noValidate: true, 'aria-label': t('lab.controls') },
    el(
      'div',
      { className: 'field' },
      el('label', { for: 'demo', textContent: t('lab.experiment') }),
      el('select', { id: 'demo' }, options),
    ),
    el('p', { className: 'note', textContent: demo.summary }),
    fields,
    el(
      'div',
      { className: 'field' },
      el('label', { for: 'seed' }, el('span', { textContent: t('lab.seed') }), ' ', el('code', { textContent: 'seed' })),
      el(
        'div',
        { className: 'seed' },
        el('input', { id: 'seed', type: 'number', min: 0, max: maxSeed, step: 1, required: true, 'aria-describedby': 'h-seed' }),
        dice,
      ),
      el('small', { id: 'h-seed', textContent: t('lab.seed-help') }),
    ),
    el(
      'div',
      { id: 'vary', className: 'actions', role: 'group', 'aria-label': t('lab.vary') },
      demo.variations.map(({ label }) => el('button', { type: 'button', textContent: label })),
      button('reset', 'lab.reset'),
    ),
    el(
      'div',
      { className: 'go' },
      // Where it is seen, however long the form is.
      el('p', { id: 'problem', className: 'answer error', role: 'alert' }),
      el('button', { id: 'run', type: 'submit', className: 'primary', textContent: t('lab.run') }),
      button('cancel', 'cancel', { disabled: true }),
      // One line for both, so that nothing moves when a run begins.
      el(
        'div',
        { className: 'under-way' },
        el(
          'label',
          { id: 'live-line' },
          el('input', { id: 'live', type: 'checkbox' }),
          ` ${t('lab.live')} `,
          el('small', { textContent: t('lab.live-help', { seconds: LIVE_UNDER / 1000 }) }),
        ),
        el(
          'div',
          { id: 'progress', hidden: true },
          el('progress', { id: 'bar', max: 1, value: 0, 'aria-label': t('lab.run') }),
          el('span', { id: 'how-far' }),
        ),
      ),
    ),
  );
  const share = el(
    'div',
    { className: 'share' },
    el('span', { className: 'label', textContent: t('lab.command') }),
    el('code', { id: 'command', tabIndex: 0 }),
    el(
      'div',
      { className: 'actions' },
      button('copy', 'lab.copy-command'),
      button('link', 'lab.copy-link'),
      el('a', { id: 'in-chat', className: 'button', textContent: t('lab.in-chat') }),
      demo.topics.slice(0, 2).map(({ id, title }) =>
        el('a', {
          className: 'button',
          href: `${roomPath(room())}?${new URLSearchParams({ draft: `/explain ${id}` })}`,
          textContent: t('lab.read-note', { topic: title }),
        }),
      ),
    ),
  );
  return [
    el('div', { className: 'side' }, el('h1', { textContent: t('lab.title') }), form),
    el(
      'div',
      { className: 'bench' },
      el('div', { id: 'results' }, el('p', { className: 'note first', textContent: t('lab.first') })),
      share,
    ),
  ];
}

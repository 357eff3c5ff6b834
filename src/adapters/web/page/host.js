// For whoever runs this: is everything connected, what is wrong in the notes, how busy is the lab.
import { $, el, num, table } from './lib/dom.js';
import { getJson, isHost, locale, postJson, region, t } from './lib/session.js';

const EVERY = 5000;

export async function show(main) {
  main.classList.add('page');
  main.append(el('h1', { textContent: t('host.title') }));
  if (!isHost()) return void main.append(wayIn());
  const leave = el('button', { type: 'button', id: 'host-leave', textContent: t('host.leave') });
  leave.onclick = async () => {
    await postJson('/api/host/logout', {});
    location.reload();
  };
  main.append(
    el('div', { className: 'actions' }, leave),
    el('p', { id: 'as-of', className: 'note' }),
    el('div', { id: 'state' }),
    el('div', { id: 'items' }),
  );
  const load = async () => {
    if (document.hidden) return;
    try {
      draw(await getJson('/api/host'));
    } catch ({ reply }) {
      // The host's session has run out, or the password is a new one.
      if (reply?.result?.code === 'host-password-needed') return location.reload();
      $('as-of').textContent = t('failed');
    }
  };
  await load();
  setInterval(load, EVERY);
  const { items } = await getJson('/api/items');
  $('items').append(section('host.items', items.length === 0 ? el('p', { textContent: t('host.no-items') }) : report(items)));
}

/** Asks for the host's password. */
function wayIn() {
  const input = el('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const problem = el('p', { id: 'problem', className: 'answer error', role: 'alert' });
  const form = el(
    'form',
    { id: 'way-in', className: 'panel login', noValidate: true },
    el('div', { className: 'field' }, el('label', { for: 'password', textContent: t('host.password') }), input),
    el('p', { className: 'note', textContent: t('host.password-help') }),
    problem,
    el('div', { className: 'actions' }, el('button', { type: 'submit', className: 'primary', textContent: t('host.open') })),
  );
  input.setAttribute('aria-describedby', 'problem');
  form.onsubmit = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    const response = await postJson(`/api/host/login?${new URLSearchParams({ locale })}`, { password: input.value }).catch(() => undefined);
    if (response?.ok) return location.reload();
    const { result, text } = response ? await response.json() : { text: t('failed') };
    // The way to a new one stands in the form already.
    problem.textContent = result?.code === 'wrong-host-password' ? result.message : text.replace(/^! /, '');
    input.select();
  };
  return form;
}

let before;

function draw(state) {
  $('as-of').textContent = t('host.updated', { time: new Date(state.now).toLocaleTimeString(region) });
  // What did not change stays, so that a selection or a scroll position in it stays too.
  const { now, memory, ...rest } = state;
  const same = JSON.stringify(rest) === before;
  before = JSON.stringify(rest);
  if (same) return void $('figures').replaceWith(figures(state));
  const { adapters, content, oldNames: old } = state;
  $('state').replaceChildren(
    section('host.running', figures(state)),
    section(
      'host.platforms',
      table(
        ['host.platform', 'host.state', 'host.detail'].map((key) => t(key)),
        adapters.map(({ platform, ok, detail }) => [
          platform,
          el('span', { className: ok ? 'good' : 'bad', textContent: `${ok ? '●' : '▲'} ${t(ok ? 'host.connected' : 'host.lost')}` }),
          detail,
        ]),
      ),
    ),
    section(
      'host.content',
      el('p', { textContent: t('host.content-state', content) }),
      content.problems.length === 0
        ? el('p', { className: 'good', textContent: t('host.no-problems') })
        : [el('p', { className: 'bad', textContent: t('host.problems', { count: content.problems.length }) }), problems(content.problems)],
    ),
    ...(old.length > 0 ? [oldNames(old)] : []),
  );
}

function figures({ started, now, node, memory, backend, queue, pages }) {
  const items = {
    uptime: duration(now - started),
    backend: backend ?? t('host.no-backend'),
    queue: t('host.queue-state', { ...queue, cache: Math.round(queue.cacheBytes / 2 ** 20) }),
    pages: String(pages),
    memory: `${Math.round(memory / 2 ** 20)} MB · Node ${node}`,
  };
  return el(
    'dl',
    { id: 'figures' },
    Object.entries(items).flatMap(([key, value]) => [el('dt', { textContent: t(`host.${key}`) }), el('dd', { textContent: value })]),
  );
}

/** What was kept under mere names, each with a code for whoever it belongs to. */
function oldNames(names) {
  const rows = names.map((name) => {
    const button = el('button', { type: 'button', textContent: t('host.old-name-code') });
    const code = el('code', { role: 'status' });
    button.onclick = async () => {
      const response = await postJson('/api/host/old-names', { name });
      const { code: given, expiresAt, text } = await response.json();
      const time = new Date(expiresAt).toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit' });
      code.textContent = response.ok ? t('host.old-name-given', { code: given, time }) : text;
    };
    return [name, button, code];
  });
  return section(
    'host.old-names',
    el('p', { className: 'note', textContent: t('host.old-names-note') }),
    el(
      'ul',
      { className: 'plain' },
      rows.map((row) => el('li', { className: 'actions' }, row)),
    ),
  );
}

function problems(list) {
  return table(
    ['host.severity', 'host.file', 'host.problem'].map((key) => t(key)),
    list.map(({ severity, file, line, message }) => [
      el('span', { className: severity === 'error' ? 'bad' : '', textContent: t(`host.${severity}`) }),
      el('code', { textContent: line ? `${file}:${line}` : file }),
      message,
    ]),
  );
}

/** How questions do; what is dubious comes first. Shares are left out while few have answered. */
function report(items) {
  const columns = ['question', 'people', 'facility', 'discrimination', 'flags'].map((key) => t(`host.${key}`));
  const percent = (share) => (share === null ? '—' : `${Math.round(100 * share)} %`);
  const rows = items.map(({ question, prompt, n, facility, discrimination, flags }) => [
    el('span', { title: prompt }, el('code', { textContent: question })),
    String(n),
    percent(facility),
    num(discrimination),
    el('span', { className: flags.length > 0 ? 'bad' : '', textContent: flags.map((flag) => t(`host.${flag}`)).join(', ') || '—' }),
  ]);
  const box = table(columns, rows, t('host.items'));
  box.classList.add('tall');
  return [el('p', { className: 'note', textContent: t('host.items-note') }), box];
}

function section(title, ...children) {
  return el('section', { className: 'panel' }, el('h2', { textContent: t(title) }), children);
}

function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  const parts = [
    ['days', Math.floor(seconds / 86_400)],
    ['hours', Math.floor(seconds / 3600) % 24],
    ['minutes', Math.floor(seconds / 60) % 60],
    ['seconds', seconds % 60],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  return parts
    .slice(Math.max(0, first), Math.max(0, first) + 2)
    .map(([unit, count]) => t(`host.${unit}`, { count }))
    .join(' ');
}

// The notes to be read: an index by area with a search, and each topic whole.
import { el, html } from '../lib/dom.js';
import { getJson, room, roomPath, t } from '../lib/session.js';
import { claims } from './claims.js';

/** Typing is followed by a look after this pause, in milliseconds. */
const PAUSE = 200;

export async function show(main) {
  main.classList.add('page', 'notes');
  const id = decodeURIComponent(location.pathname.slice('/notes/'.length));
  if (id) await showTopic(main, id);
  else await showIndex(main);
}

const pathOf = (topic, anchor) => `/notes/${topic}${anchor ? `#${anchor}` : ''}`;
const link = ({ id, title }) => el('a', { href: pathOf(id), textContent: title });
/** Links with commas between, as part of a line of text. */
const links = (topics) => topics.flatMap((topic, i) => [i > 0 ? t('notes.comma') : '', link(topic)]);

async function showIndex(main) {
  const { areas } = await getJson('/api/notes');
  const titles = new Map(areas.flatMap(({ topics }) => topics.map(({ id, title }) => [id, title])));
  main.append(
    el('h1', { textContent: t('nav-notes') }),
    search(),
    ...areas.map(({ name, topics }) =>
      el(
        'section',
        { className: 'panel' },
        el('h2', { textContent: name }),
        el(
          'ul',
          {},
          topics.map((topic) => {
            const needs = topic.needs.filter((id) => titles.has(id)).map((id) => ({ id, title: titles.get(id) }));
            return el('li', {}, link(topic), needs.length > 0 && el('small', {}, ` ${t('notes.after')} `, links(needs)));
          }),
        ),
      ),
    ),
  );
}

function search() {
  const field = el('input', { id: 'find', type: 'search', autocomplete: 'off', placeholder: t('notes.find-hint'), maxLength: 400 });
  const found = el('ul', { className: 'found', role: 'status' });
  let waiting;
  let asked = '';
  field.oninput = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, PAUSE);
  };
  async function look() {
    const q = field.value.trim();
    asked = q;
    const { hits } = q ? await getJson('/api/notes/find', { q }) : { hits: [] };
    // Answers may overtake each other; only the last question counts.
    if (asked !== q) return;
    const lines = hits.map(({ topic, anchor, title, text }) =>
      el('li', {}, el('a', { href: pathOf(topic, anchor) }, text), text === title ? '' : el('small', { textContent: ` ${title}` })),
    );
    found.replaceChildren(...(q && lines.length === 0 ? [el('li', { className: 'note', textContent: t('notes.nothing') })] : lines));
  }
  return el(
    'form',
    {
      role: 'search',
      className: 'panel',
      onsubmit: (event) => {
        event.preventDefault();
        found.querySelector('a')?.click();
      },
    },
    el('label', { for: 'find', textContent: t('notes.find') }),
    field,
    found,
  );
}

async function showTopic(main, id) {
  const note = await getJson(`/api/notes/${encodeURIComponent(id)}`).catch((error) => error);
  if (!note.sections) {
    const said = el('p', { className: 'note error', textContent: note.message.replace(/^! /, '') });
    main.append(el('h1', { textContent: t('nav-notes') }), said, search());
    return;
  }
  document.title = `${note.title} · ${t('title')}`;
  const parts = [
    ...note.sections.map(({ id, heading, html: markup }) => part(id, heading, html(markup))),
    note.answers.length > 0 && part('people-ask', t('notes.people-ask'), el('div', {}, note.answers.map(answer))),
    note.claims.length > 0 && part('measured-here', t('notes.measured-here'), claims(note.claims)),
    note.sources.length > 0 && part('sources', t('notes.sources'), sources(note.sources)),
  ].filter(Boolean);
  main.append(
    el(
      'article',
      { lang: note.locale === 'zh' ? 'zh-CN' : 'en' },
      el('p', { className: 'crumbs' }, el('a', { href: '/notes', textContent: t('nav-notes') }), ` › ${note.area}`),
      el('h1', { textContent: note.title }),
      note.path.length > 0 && el('p', { className: 'note' }, `${t('notes.first-read')} `, links(note.path)),
      el(
        'nav',
        { className: 'contents', 'aria-label': t('notes.contents') },
        el(
          'ul',
          {},
          parts.map(({ id, title }) => el('li', {}, el('a', { href: `#${id}`, textContent: title }))),
        ),
      ),
      parts.map(({ node }) => node),
      ending(note),
    ),
  );
  // On paper everything is open.
  addEventListener('beforeprint', () => {
    for (const details of main.querySelectorAll('details')) details.open = true;
  });
  addEventListener('hashchange', follow);
  follow();
}

function part(id, title, content) {
  return { id, title, node: el('section', { id }, el('h2', { textContent: title }), content) };
}

function answer({ id, question, html: markup, code }) {
  return el(
    'details',
    { id },
    el('summary', {}, html(question, 'span')),
    html(markup),
    code && el('pre', {}, el('code', { textContent: code })),
  );
}

function sources(list) {
  return el(
    'ol',
    {},
    list.map(({ title, author, year, url, supports }) =>
      el(
        'li',
        {},
        [author, year].filter(Boolean).join(', '),
        author || year ? ': ' : '',
        el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', textContent: title }),
        supports && el('small', { textContent: ` ${supports}` }),
      ),
    ),
  );
}

/** What to do next: a quiz on it, and what builds on it. */
function ending({ id, questions, next, related }) {
  const draft = `${roomPath(room())}?${new URLSearchParams({ draft: `/quiz me topic:${id}` })}`;
  return el(
    'footer',
    { className: 'panel' },
    questions > 0 && el('p', {}, el('a', { className: 'button', href: draft, textContent: t('notes.quiz-me', { count: questions }) })),
    next.length > 0 && el('p', {}, `${t('notes.next')} `, links(next)),
    related.length > 0 && el('p', {}, `${t('notes.related')} `, links(related)),
  );
}

/** Opens the answer that the address names and brings it into sight. */
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

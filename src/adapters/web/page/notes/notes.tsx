// The notes to be read: an index by area with a search, and each topic whole.
import { useEffect, useRef, useState } from 'preact/hooks';
import { draftPath, getJson, plain, t } from '../lib/session.ts';
import { Html } from '../lib/ui.tsx';
import type { Source } from '../lib/wire.ts';
import { Areas, type MappedArea } from './areas.tsx';
import { type Claim, Claims } from './claims.tsx';
import { LearningPath, Link, links, pathOf, type Step, type Topic } from './path.tsx';

/** Typing is followed by a look after this pause, in milliseconds. */
const PAUSE = 200;

interface Hit {
  topic: string;
  anchor?: string;
  title: string;
  text: string;
}
interface Answer {
  id: string;
  question: string;
  html: string;
  code?: string;
}
interface Note extends Topic {
  locale: 'en' | 'zh';
  area: string;
  needs: string[];
  path: Step[];
  next: Step[];
  related: Topic[];
  sections: { id: string; heading: string; html: string }[];
  answers: Answer[];
  claims: Claim[];
  sources: Source[];
  questions: number;
}

export function Notes() {
  const id = decodeURIComponent(location.pathname.slice('/notes/'.length));
  return id ? <OneTopic id={id} /> : <Index />;
}

function Index() {
  const [areas, setAreas] = useState<MappedArea[]>();
  useEffect(() => {
    void getJson<{ areas: MappedArea[] }>('/api/notes').then((got) => setAreas(got.areas));
  }, []);
  const titles = new Map(areas?.flatMap(({ topics }) => topics.map(({ id, title }): [string, string] => [id, title])));
  const known = (ids: string[]) => ids.flatMap((id) => (titles.has(id) ? [{ id, title: titles.get(id)! }] : []));
  return (
    <>
      <h1>{t('nav-notes')}</h1>
      <Search />
      {areas && <Areas areas={areas} />}
      {areas?.map(({ name, topics }) => (
        <section key={name} class="panel">
          <h2>{name}</h2>
          <ul>
            {topics.map((topic) => {
              const needs = known(topic.needs);
              return (
                <li key={topic.id}>
                  <Link topic={topic} />
                  {needs.length > 0 && (
                    <small>
                      {' '}
                      {t('notes.after')} {links(needs)}
                    </small>
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </>
  );
}

function Search() {
  const [query, setQuery] = useState('');
  const [hits, setHits] = useState<Hit[]>([]);
  const [asked, setAsked] = useState('');
  const found = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const q = query.trim();
    let wanted = true;
    const timer = setTimeout(async () => {
      const { hits } = q ? await getJson<{ hits: Hit[] }>('/api/notes/find', { q }) : { hits: [] };
      // Answers may overtake each other; only the last question counts.
      if (!wanted) return;
      setHits(hits);
      setAsked(q);
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [query]);
  const open = (event: Event) => {
    event.preventDefault();
    found.current?.querySelector('a')?.click();
  };
  return (
    <search>
      <form class="panel" onSubmit={open}>
        <label for="find">{t('notes.find')}</label>
        <input
          id="find"
          type="search"
          autocomplete="off"
          placeholder={t('notes.find-hint')}
          maxLength={400}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <ul class="found" ref={found} aria-live="polite">
          {hits.map(({ topic, anchor, title, text }) => (
            <li key={`${topic}#${anchor}`}>
              <a href={pathOf(topic, anchor)}>{text}</a>
              {text !== title && <small> {title}</small>}
            </li>
          ))}
          {asked && hits.length === 0 && <li class="note">{t('notes.nothing')}</li>}
        </ul>
      </form>
    </search>
  );
}

function OneTopic({ id }: { id: string }) {
  const [note, setNote] = useState<Note>();
  const [problem, setProblem] = useState('');
  useEffect(() => {
    getJson<Note>(`/api/notes/${encodeURIComponent(id)}`).then(setNote, (error: Error) => setProblem(plain(error.message)));
  }, [id]);
  if (note) return <Whole note={note} />;
  if (!problem) return null;
  return (
    <>
      <h1>{t('nav-notes')}</h1>
      <p class="note error">{problem}</p>
      <Search />
    </>
  );
}

function Whole({ note }: { note: Note }) {
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${note.title} · ${t('title')}`;
    // On paper everything is open.
    const openAll = () => {
      for (const details of article.current?.querySelectorAll('details') ?? []) details.open = true;
    };
    addEventListener('beforeprint', openAll);
    addEventListener('hashchange', follow);
    follow();
    return () => {
      removeEventListener('beforeprint', openAll);
      removeEventListener('hashchange', follow);
    };
  }, [note]);
  const parts = [
    ...note.sections.map(({ id, heading, html }) => ({ id, title: heading, content: <Html markup={html} /> })),
    ...(note.answers.length > 0 ? [{ id: 'people-ask', title: t('notes.people-ask'), content: <Answers list={note.answers} /> }] : []),
    ...(note.claims.length > 0 ? [{ id: 'measured-here', title: t('notes.measured-here'), content: <Claims list={note.claims} /> }] : []),
    ...(note.sources.length > 0 ? [{ id: 'sources', title: t('notes.sources'), content: <Sources list={note.sources} /> }] : []),
  ];
  return (
    <article ref={article} lang={note.locale === 'zh' ? 'zh-CN' : 'en'}>
      <p class="crumbs">
        <a href="/notes">{t('nav-notes')}</a>
        {` › ${note.area}`}
      </p>
      <h1>{note.title}</h1>
      <LearningPath note={note} />
      <nav class="contents" aria-label={t('notes.contents')}>
        <ul>
          {parts.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      {parts.map(({ id, title, content }) => (
        <section key={id} id={id}>
          <h2>{title}</h2>
          {content}
        </section>
      ))}
      <Ending note={note} />
    </article>
  );
}

function Answers({ list }: { list: Answer[] }) {
  return (
    <div>
      {list.map(({ id, question, html, code }) => (
        <details key={id} id={id}>
          <summary>
            <Html markup={question} inline />
          </summary>
          <Html markup={html} />
          {code && (
            <pre>
              <code>{code}</code>
            </pre>
          )}
        </details>
      ))}
    </div>
  );
}

function Sources({ list }: { list: Source[] }) {
  return (
    <ol>
      {list.map(({ title, author, year, url, supports }) => (
        <li key={url}>
          {[author, year].filter(Boolean).join(', ')}
          {author || year ? ': ' : ''}
          <a href={url} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
          {supports && <small> {supports}</small>}
        </li>
      ))}
    </ol>
  );
}

/** What to do next: a quiz on it, and what is near it. */
function Ending({ note: { id, questions, related } }: { note: Note }) {
  return (
    <footer class="panel">
      {questions > 0 && (
        <p>
          <a class="button" href={draftPath(`/quiz me topic:${id}`)}>
            {t('notes.quiz-me', { count: questions })}
          </a>
        </p>
      )}
      {related.length > 0 && (
        <p>
          {t('notes.related')} {links(related)}
        </p>
      )}
    </footer>
  );
}

/** Opens the answer that the address names and brings it into sight. */
function follow(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

// For whoever runs this: is everything connected, what is wrong in the notes, how busy is the lab.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type DeadRun, DeadRuns } from './dead-runs.tsx';
import { getJson, isHost, locale, plain, postJson, Refused, region, t } from './lib/session.ts';
import { num, Table } from './lib/ui.tsx';

const EVERY = 5000;

interface Problem {
  severity: 'error' | 'warning';
  file: string;
  line?: number;
  message: string;
}
interface State {
  started: number;
  now: number;
  node: string;
  memory: number;
  backend: string | null;
  queue: Record<string, number> & { cacheBytes: number };
  /** Null where one process computes for itself: it keeps no such list. */
  dead: DeadRun[] | null;
  pages: number;
  adapters: { platform: string; ok: boolean; detail: string }[];
  oldNames: string[];
  content: { topics: number; questions: number; demos: number; problems: Problem[] };
}
interface Item {
  question: string;
  prompt: string;
  n: number;
  facility: number | null;
  discrimination: number | null;
  flags: string[];
}

export function Host() {
  return (
    <>
      <h1>{t('host.title')}</h1>
      {isHost() ? <Inside /> : <WayIn />}
    </>
  );
}

function Inside() {
  const [state, setState] = useState<State>();
  const [items, setItems] = useState<Item[]>();
  const [failed, setFailed] = useState(false);
  const load = async () => {
    try {
      setState(await getJson<State>('/api/host'));
      setFailed(false);
    } catch (error) {
      // The host's session has run out, or the password is a new one.
      if (error instanceof Refused && error.reply?.result?.code === 'host-password-needed') return location.reload();
      setFailed(true);
    }
  };
  useEffect(() => {
    void load().then(async () => setItems((await getJson<{ items: Item[] }>('/api/items')).items));
    const timer = setInterval(() => !document.hidden && load(), EVERY);
    return () => clearInterval(timer);
  }, []);
  const leave = async () => {
    await postJson('/api/host/logout', {});
    location.reload();
  };
  const time = state && new Date(state.now).toLocaleTimeString(region);
  return (
    <>
      <div class="actions">
        <button type="button" id="host-leave" onClick={leave}>
          {t('host.leave')}
        </button>
      </div>
      <p id="as-of" class="note">
        {failed ? t('failed') : time && t('host.updated', { time })}
      </p>
      <div id="state">{state && <Sections state={state} load={load} />}</div>
      <div id="items">
        {items && <Section title="host.items">{items.length === 0 ? <p>{t('host.no-items')}</p> : <Report items={items} />}</Section>}
      </div>
    </>
  );
}

/** Asks for the host's password. */
function WayIn() {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState('');
  const enter = async (event: Event) => {
    event.preventDefault();
    setProblem('');
    const password = input.current!.value;
    const response = await postJson(`/api/host/login?${new URLSearchParams({ locale })}`, { password }).catch(() => undefined);
    if (response?.ok) return location.reload();
    const { result, text } = response ? await response.json() : { result: undefined, text: t('failed') };
    // The way to a new one stands in the form already.
    setProblem(result?.code === 'wrong-host-password' ? result.message : plain(text));
    input.current!.select();
  };
  return (
    <form id="way-in" class="panel login" noValidate onSubmit={enter}>
      <div class="field">
        <label for="password">{t('host.password')}</label>
        <input id="password" ref={input} type="password" autocomplete="current-password" required aria-describedby="problem" />
      </div>
      <p class="note">{t('host.password-help')}</p>
      <p id="problem" class="answer error" role="alert">
        {problem}
      </p>
      <div class="actions">
        <button type="submit" class="primary">
          {t('host.open')}
        </button>
      </div>
    </form>
  );
}

function Sections({ state, load }: { state: State; load: () => Promise<void> }) {
  const { adapters, content, dead, oldNames } = state;
  return (
    <>
      <Section title="host.running">
        <Figures state={state} />
      </Section>
      <Section title="host.platforms">
        <Table
          columns={['host.platform', 'host.state', 'host.detail'].map((key) => t(key))}
          rows={adapters.map(({ platform, ok, detail }) => ({
            key: platform,
            cells: [
              platform,
              <span class={ok ? 'good' : 'bad'}>{`${ok ? '●' : '▲'} ${t(ok ? 'host.connected' : 'host.lost')}`}</span>,
              detail,
            ],
          }))}
        />
      </Section>
      {dead && (
        <Section title="host.dead">
          <DeadRuns list={dead} changed={load} />
        </Section>
      )}
      <Section title="host.content">
        <p>{t('host.content-state', { topics: content.topics, questions: content.questions, demos: content.demos })}</p>
        {content.problems.length === 0 ? (
          <p class="good">{t('host.no-problems')}</p>
        ) : (
          <>
            <p class="bad">{t('host.problems', { count: content.problems.length })}</p>
            <Problems list={content.problems} />
          </>
        )}
      </Section>
      {oldNames.length > 0 && <OldNames names={oldNames} />}
    </>
  );
}

function Figures({ state: { started, now, node, memory, backend, queue, pages } }: { state: State }) {
  const items = {
    uptime: duration(now - started),
    backend: backend ?? t('host.no-backend'),
    queue: t('host.queue-state', { ...queue, cache: Math.round(queue.cacheBytes / 2 ** 20) }),
    pages: String(pages),
    memory: `${Math.round(memory / 2 ** 20)} MB · Node ${node}`,
  };
  return (
    <dl id="figures">
      {Object.entries(items).flatMap(([key, value]) => [<dt key={`${key}-name`}>{t(`host.${key}`)}</dt>, <dd key={key}>{value}</dd>])}
    </dl>
  );
}

/** What was kept under mere names, each with a code for whoever it belongs to. */
function OldNames({ names }: { names: string[] }) {
  return (
    <Section title="host.old-names">
      <p class="note">{t('host.old-names-note')}</p>
      <ul class="plain">
        {names.map((name) => (
          <OldName key={name} name={name} />
        ))}
      </ul>
    </Section>
  );
}

function OldName({ name }: { name: string }) {
  const [said, setSaid] = useState('');
  const give = async () => {
    const response = await postJson('/api/host/old-names', { name });
    const { code, expiresAt, text } = await response.json();
    const time = new Date(expiresAt).toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit' });
    setSaid(response.ok ? t('host.old-name-given', { code, time }) : text);
  };
  return (
    <li class="actions">
      {name}
      <button type="button" onClick={give}>
        {t('host.old-name-code')}
      </button>
      <code role="status">{said}</code>
    </li>
  );
}

function Problems({ list }: { list: Problem[] }) {
  return (
    <Table
      columns={['host.severity', 'host.file', 'host.problem'].map((key) => t(key))}
      rows={list.map(({ severity, file, line, message }) => [
        <span class={severity === 'error' ? 'bad' : ''}>{t(`host.${severity}`)}</span>,
        <code>{line ? `${file}:${line}` : file}</code>,
        message,
      ])}
    />
  );
}

/** How questions do; what is dubious comes first. Shares are left out while few have answered. */
function Report({ items }: { items: Item[] }) {
  const percent = (share: number | null) => (share === null ? '—' : `${Math.round(100 * share)} %`);
  return (
    <>
      <p class="note">{t('host.items-note')}</p>
      <Table
        tall
        label={t('host.items')}
        columns={['question', 'people', 'facility', 'discrimination', 'flags'].map((key) => t(`host.${key}`))}
        rows={items.map(({ question, prompt, n, facility, discrimination, flags }) => ({
          key: question,
          cells: [
            <span title={prompt}>
              <code>{question}</code>
            </span>,
            String(n),
            percent(facility),
            num(discrimination),
            <span class={flags.length > 0 ? 'bad' : ''}>{flags.map((flag) => t(`host.${flag}`)).join(', ') || '—'}</span>,
          ],
        }))}
      />
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="panel">
      <h2>{t(title)}</h2>
      {children}
    </section>
  );
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts: [string, number][] = [
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

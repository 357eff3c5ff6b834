// The leaderboard: the same figures as /scores, by period, topic and room.
import { useEffect, useState } from 'preact/hooks';
import { getJson, room, t, user } from './lib/session.ts';
import { Medal, Table } from './lib/ui.tsx';
import type { Person } from './lib/wire.ts';

const PERIODS = ['today', 'week', 'month', 'season', 'all'];

interface Row {
  rank: number;
  user: Person;
  score: number;
  correct: number;
  answered: number;
}
interface Board {
  rows: Row[];
  you?: Row;
  season: number;
  seasons: { number: number; name: string }[];
}
interface Topic {
  id: string;
  title: string;
}

const chosen = new URLSearchParams(location.search);

export function Scores() {
  const [topics, setTopics] = useState<Topic[]>();
  const [board, setBoard] = useState<Board>();
  const [period, setPeriod] = useState(chosen.get('period') ?? 'all');
  const [topic, setTopic] = useState(chosen.get('topic') ?? '');
  const [where, setWhere] = useState(chosen.get('where') === 'all' ? '' : room());
  const [past, setPast] = useState(chosen.get('past') ?? '');
  useEffect(() => {
    void getJson<{ topics: Topic[] }>('/api/topics').then((got) => setTopics(got.topics));
  }, []);
  useEffect(() => {
    const shown = { period, ...(topic && { topic }), ...(!where && { where: 'all' }), ...(past && { past }) };
    history.replaceState(null, '', `/scores?${new URLSearchParams(shown)}`);
    let wanted = true;
    void getJson<Board>('/api/scores', { period, season: past, topic, room: where }).then((got) => wanted && setBoard(got));
    // Answers may overtake each other; only the last question counts.
    return () => {
      wanted = false;
    };
  }, [period, topic, where, past]);
  if (!board || !topics) return <h1>{t('scores.title')}</h1>;
  return (
    <>
      <h1>{t('scores.title')}</h1>
      <form id="filters">
        <fieldset class="segments">
          <legend class="unseen">{t('scores.period')}</legend>
          {PERIODS.map((one) => (
            <label key={one}>
              <input type="radio" name="period" value={one} checked={one === period} onChange={() => setPeriod(one)} />
              <span>{t(`scores.${one}`, { season: board.season })}</span>
            </label>
          ))}
        </fieldset>
        <Select
          id="topic"
          label="scores.topic"
          value={topic}
          onChange={setTopic}
          options={[['', t('scores.all-topics')], ...topics.map(({ id, title }): [string, string] => [id, title])]}
        />
        <Select
          id="where-scores"
          label="scores.where"
          value={where}
          onChange={setWhere}
          options={[
            [room(), t('scores.here', { room: room() })],
            ['', t('scores.everywhere')],
          ]}
        />
        {board.seasons.length > 0 && (
          <Select
            id="past"
            label="scores.past"
            value={past}
            onChange={setPast}
            options={[
              ['', t('scores.running')],
              ...board.seasons.map(({ number, name }): [string, string] => [String(number), `${number}: ${name}`]),
            ]}
          />
        )}
      </form>
      <div id="board" aria-live="polite">
        {board.rows.length === 0 ? <p class="note">{t('scores.none')}</p> : <Leaders board={board} />}
      </div>
    </>
  );
}

interface SelectProps {
  id: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: [string, string][];
}

function Select({ id, label, value, onChange, options }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{t(label)}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function Leaders({ board: { rows, you } }: { board: Board }) {
  const own = you && !rows.some(({ user: { id } }) => id === user().id) ? [you] : [];
  const best = Math.max(1, ...rows.map(({ score }) => score));
  const lines = [...rows, ...own].map(({ rank, user: { id, name }, score, correct, answered }) => {
    const mine = id === user().id;
    return {
      key: id,
      class: mine ? 'mine' : '',
      cells: [
        rank <= 3 ? <Medal rank={rank} /> : String(rank),
        <span>
          {name}
          {mine && <small> ({t('you')})</small>}
        </span>,
        <span class="points">
          <meter min={0} max={best} value={score} aria-hidden="true" />
          {String(score)}
        </span>,
        `${correct}/${answered}`,
        `${Math.round((100 * correct) / Math.max(1, answered))} %`,
      ],
    };
  });
  const columns = ['rank', 'name', 'points', 'correct', 'share'].map((key) => t(`scores.${key}`));
  return <Table columns={columns} rows={lines} label={t('scores.title')} />;
}

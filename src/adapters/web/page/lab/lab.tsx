// The lab: an experiment's parameters as controls, its chart beside them, two runs side by side, and a parameter swept.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatParams, MAX_SEED } from '../../../../demos/params.ts';
import { getJson, locale, t } from '../lib/session.ts';
import { titleOf } from './address.ts';
import { Comparison } from './compare.tsx';
import { Controls } from './controls.tsx';
import { Card, ChartFigure, Reading } from './result.tsx';
import { Share, type Topic } from './share.tsx';
import { demos, type Shown } from './shown.ts';
import { Sweep } from './sweep.tsx';
import { type LabState, type Trouble, useLab } from './use-lab.ts';

const isEmbed = () => new URLSearchParams(location.search).has('embed');

export function Lab() {
  const lab = useLab();
  const { demo, visit } = lab;
  const [all, setAll] = useState<Topic[]>([]);
  useEffect(() => {
    if (isEmbed()) return;
    getJson<{ topics: Topic[] }>('/api/topics').then(
      ({ topics }) => setAll(topics),
      () => undefined,
    );
  }, []);
  const topics = demo.topics.flatMap((id) => all.find((topic) => topic.id === id) ?? []);
  return (
    <>
      <div class="side">
        {isEmbed() ? <h1 class="unseen">{titleOf(demo)}</h1> : <h1>{t('lab.title')}</h1>}
        <Form lab={lab} />
      </div>
      <div class="bench">
        <Results key={`results-${visit}`} lab={lab} />
        {!isEmbed() && <Sweep key={`sweep-${visit}`} demo={demo} lab={lab} />}
        {isEmbed() ? (
          <p class="note">
            <a href={location.href.replace(/&embed\b/, '')} target="_blank" rel="noopener">
              {t('lab.open-whole')}
            </a>
          </p>
        ) : (
          <Share demo={demo} setting={lab.setting} topics={topics} />
        )}
      </div>
    </>
  );
}

type Props = { lab: LabState };

function Form({ lab }: Props) {
  const { demo, visit, setting, under } = lab;
  const { values } = setting;
  const submit = (event: Event) => {
    event.preventDefault();
    void lab.run();
  };
  const change = (params: object) => {
    const defaults = Object.fromEntries(Object.entries(demo.params).map(([name, param]) => [name, param.default]));
    const next = { ...setting, values: { ...defaults, ...params } as typeof values };
    lab.change(next, true);
    void lab.run(next);
  };
  const roll = () => lab.change({ ...setting, seed: 1 + Math.floor(Math.random() * 9999) }, true);
  return (
    <form id="controls" noValidate aria-label={t('lab.controls')} onSubmit={submit}>
      {!isEmbed() && (
        <div class="field">
          <label for="demo">{t('lab.experiment')}</label>
          <select id="demo" value={demo.name} onChange={(event) => lab.choose(event.currentTarget.value)}>
            {demos.map((one) => (
              <option key={one.name} value={one.name}>
                {titleOf(one)}
              </option>
            ))}
          </select>
        </div>
      )}
      <p class="note">{demo.summary[locale] ?? demo.summary.en}</p>
      <Controls key={visit} params={demo.params} values={values} onChange={lab.set} />
      <div class="field">
        <label for="seed">
          <span>{t('lab.seed')}</span> <code>seed</code>
        </label>
        <div class="seed">
          <input
            id="seed"
            type="number"
            min={0}
            max={MAX_SEED}
            step={1}
            required
            aria-describedby="h-seed"
            value={Number.isNaN(setting.seed) ? '' : setting.seed}
            onChange={({ currentTarget: { value } }) => lab.change({ ...setting, seed: value === '' ? Number.NaN : Number(value) }, true)}
          />
          <button id="dice" type="button" title={t('lab.dice')} aria-label={t('lab.dice')} onClick={roll}>
            <Dice />
          </button>
        </div>
        <small id="h-seed">{t('lab.seed-help')}</small>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would look like one more parameter */}
      <div id="vary" class="actions" role="group" aria-label={t('lab.vary')}>
        {demo.variations.map(({ label, params }) => (
          <button key={label.en} type="button" onClick={() => change(params)}>
            {label[locale] ?? label.en}
          </button>
        ))}
        <button id="reset" type="button" onClick={() => change({})}>
          {t('lab.reset')}
        </button>
      </div>
      <div class="go">
        <button id="run" type="submit" class="primary">
          {t('lab.run')}
        </button>
        <button id="cancel" type="button" aria-disabled={under ? 'false' : 'true'} onClick={lab.cancel}>
          {t('cancel')}
        </button>
        {/* One line for both, so that nothing moves when a run begins. */}
        <div class="under-way">
          {under ? (
            <div id="progress">
              <progress id="bar" max={1} value={under.fraction} aria-label={t('lab.run')} />
              <span id="how-far">
                {under.place > 0
                  ? t('lab.waiting', { place: under.place })
                  : t('lab.running', { percent: Math.round(under.fraction * 100) })}
              </span>
            </div>
          ) : (
            <label id="live-line">
              <input id="live" type="checkbox" checked={lab.live} onChange={(event) => lab.setLive(event.currentTarget.checked)} />{' '}
              {t('lab.live')} <small>{t('lab.live-help', { seconds: 2 })}</small>
            </label>
          )}
        </div>
      </div>
    </form>
  );
}

/** The chart stays while another run is under way; where that went wrong it is dimmed below what is wrong. */
function Results({ lab }: Props) {
  const { demo, shown, kept, under, trouble } = lab;
  const both = kept && shown && kept !== shown;
  const title = titleOf(demo);
  const keep = (one: Shown) =>
    one === kept ? (
      <button type="button" onClick={() => lab.keep(undefined)}>
        {t('lab.drop')}
      </button>
    ) : (
      <button type="button" onClick={() => lab.keep(one)}>
        {t('lab.keep')}
      </button>
    );
  return (
    <div id="results" class={`${both ? 'two' : ''} ${trouble ? 'stale' : ''}`} aria-busy={under ? 'true' : 'false'}>
      {trouble && <Wrong trouble={trouble} lab={lab} />}
      {!shown && !trouble && !under?.spec && <p class="note first">{t('lab.first')}</p>}
      {both ? (
        <>
          {[kept, shown].map((one, i) => (
            <Card key={i === 0 ? 'kept' : 'new'} title={t(i === 0 ? 'lab.kept' : 'lab.new')} action={keep(one)}>
              <ChartFigure spec={i === 1 && under?.spec ? under.spec : one.spec} shown={one} />
            </Card>
          ))}
          <Comparison kept={kept} fresh={shown} />
          {[kept, shown].map((one, i) => (
            <div key={i === 0 ? 'kept-words' : 'new-words'} class="panel card">
              <Reading shown={one} />
            </div>
          ))}
        </>
      ) : (
        (shown || under?.spec) && (
          <Card title={title} action={shown && keep(shown)}>
            <ChartFigure spec={under?.spec ?? shown!.spec} shown={shown} running={under?.spec !== undefined} />
            {shown && !under?.spec && <Reading shown={shown} />}
          </Card>
        )
      )}
    </div>
  );
}

/** Stands where the result would be: an earlier chart beside it would pass for this run's. */
function Wrong({ trouble: { text, focus, heavy }, lab }: { trouble: Trouble; lab: LabState }) {
  const box = useRef<HTMLDivElement>(null);
  // Who reads further down sees that something is wrong all the same.
  useLayoutEffect(() => box.current?.scrollIntoView({ block: 'nearest' }), [text]);
  const lighten = () => {
    const next = { ...lab.setting, values: { ...lab.setting.values, ...heavy!.change } as LabState['setting']['values'] };
    lab.change(next, true);
    void lab.run(next);
  };
  return (
    <div ref={box} id="problem" class="note error" role="alert">
      <p>{text}</p>
      {focus && (
        <button type="button" onClick={() => document.getElementById(focus)?.focus()}>
          {t('lab.mend')}
        </button>
      )}
      {heavy && (
        <button type="button" id="lighten" onClick={lighten}>
          {t('lab.lighten', { change: formatParams(heavy.change) })}
        </button>
      )}
    </div>
  );
}

function Dice() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
      <rect x="2" y="2" width="16" height="16" rx="3.5" />
      <path stroke-width="3" stroke-linecap="round" d="M6.5 6.5h0M13.5 6.5h0M10 10h0M6.5 13.5h0M13.5 13.5h0" />
    </svg>
  );
}

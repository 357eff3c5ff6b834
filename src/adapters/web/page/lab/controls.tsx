// An experiment's parameters as controls, made from its table; see ParamTable in src/demos/params.ts.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import type { Param, ParamTable } from '../../../../demos/params.ts';
import { locale, t } from '../lib/session.ts';

const STEPS = 200;

export type Value = number | string | boolean | (number | string)[];
export type Values = Record<string, Value>;

/** `settled`: not in the middle of a movement of a slider. */
export type OnChange = (name: string, value: Value, settled: boolean) => void;

interface FieldProps {
  name: string;
  param: Param;
  value: Value;
  onChange: OnChange;
}

const describe = ({ description }: Param): string => description[locale] ?? description.en;

export function Controls({ params, values, onChange }: { params: ParamTable; values: Values; onChange: OnChange }) {
  return (
    <>
      {Object.entries(params).map(([name, param]) => (
        <Field key={name} name={name} param={param} value={values[name]!} onChange={onChange} />
      ))}
    </>
  );
}

/** What is wrong with a value, in words; undefined for one that fits. */
export function problemOf(params: ParamTable, values: Values): { name: string; text: string } | undefined {
  for (const [name, param] of Object.entries(params)) {
    const text = faultOf(param, values[name]!);
    if (text) return { name, text: `${describe(param)}: ${text}` };
  }
  return undefined;
}

function faultOf(param: Param, value: Value): string | undefined {
  if (param.type === 'integer' || param.type === 'number') {
    const { min, max } = param;
    const fits = typeof value === 'number' && value >= min && value <= max && (param.type === 'number' || Number.isInteger(value));
    return fits ? undefined : t('lab.range', { min, max });
  }
  if (param.type === 'numbers') {
    const { min, max, maxItems: count, whole } = param;
    const list = value as number[];
    const fits = list.length > 0 && list.length <= count && list.every((x) => x >= min && x <= max && (!whole || Number.isInteger(x)));
    return fits ? undefined : t('lab.not-a-list', { min, max, count });
  }
  return param.type === 'choices' && (value as string[]).length === 0 ? t('lab.choose-one') : undefined;
}

function Field(props: FieldProps) {
  const { name, param, value, onChange } = props;
  switch (param.type) {
    case 'integer':
    case 'number':
      return <Slider {...props} param={param} />;
    case 'choice':
      return (
        <Labelled name={name} param={param}>
          <select id={`p-${name}`} value={String(value)} onChange={(event) => onChange(name, event.currentTarget.value, true)}>
            {param.choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        </Labelled>
      );
    case 'boolean':
      return (
        <Labelled name={name} param={param}>
          <input
            id={`p-${name}`}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onChange(name, event.currentTarget.checked, true)}
          />
        </Labelled>
      );
    case 'choices':
      return <Boxes {...props} param={param} />;
    default:
      return <Numbers {...props} param={param} />;
  }
}

/** A slider for the hand and a field for the exact number; a logarithmic one gives every decade the same way. */
function Slider({ name, param, value, onChange }: FieldProps & { param: Extract<Param, { type: 'integer' | 'number' }> }) {
  const { min, max } = param;
  const whole = param.type === 'integer';
  const log = param.scale === 'log' && min > 0;
  const number = Number(value);
  const toSlider = (x: number) => (log ? (STEPS * Math.log(x / min)) / Math.log(max / min) : x);
  const fromSlider = (position: number) => {
    const x = log ? min * (max / min) ** (position / STEPS) : position;
    return Math.min(max, Math.max(min, whole ? Math.round(x) : Number(x.toPrecision(3))));
  };
  const byKey = useRef(false);
  const slidTo = useRef(number);
  const slid = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    let position = Number(currentTarget.value);
    const way = Math.sign(position - toSlider(number));
    // Where there are more places than numbers, a key goes on to the next number.
    while (byKey.current && way !== 0 && fromSlider(position) === number && position > 0 && position < STEPS) position += way;
    slidTo.current = fromSlider(position);
    onChange(name, slidTo.current, false);
  };
  const typed = ({ currentTarget: { value, validity } }: { currentTarget: HTMLInputElement }, settled: boolean) =>
    onChange(name, value === '' || validity.badInput ? Number.NaN : Number(value), settled);
  return (
    <Labelled name={name} param={param} help={t('lab.range', { min, max })}>
      <div class="slider">
        <input
          type="range"
          min={log ? 0 : min}
          max={log ? STEPS : max}
          step={log || whole ? 1 : (max - min) / STEPS}
          value={Number.isFinite(number) ? toSlider(Math.min(max, Math.max(min, number))) : 0}
          aria-label={describe(param)}
          aria-valuetext={String(value)}
          onKeyDown={() => {
            byKey.current = log;
          }}
          onPointerDown={() => {
            byKey.current = false;
          }}
          onInput={slid}
          onChange={() => onChange(name, slidTo.current, true)}
        />
        <input
          id={`p-${name}`}
          type="number"
          min={min}
          max={max}
          step={whole ? 1 : 'any'}
          value={Number.isNaN(number) ? '' : String(value)}
          required
          aria-describedby={`h-${name}`}
          onInput={(event) => typed(event, false)}
          onChange={(event) => typed(event, true)}
        />
      </div>
    </Labelled>
  );
}

function Boxes({ name, param, value, onChange }: FieldProps & { param: Extract<Param, { type: 'choices' }> }) {
  const chosen = value as string[];
  const press = (choice: string, on: boolean) =>
    onChange(
      name,
      param.choices.filter((one) => (one === choice ? on : chosen.includes(one))),
      true,
    );
  return (
    <fieldset class="field">
      <legend>
        <Name name={name} param={param} />
      </legend>
      <div class="boxes">
        {param.choices.map((choice, i) => (
          <label key={choice}>
            <input
              id={i === 0 ? `p-${name}` : undefined}
              type="checkbox"
              value={choice}
              checked={chosen.includes(choice)}
              onChange={(event) => press(choice, event.currentTarget.checked)}
            />
            {choice}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Numbers({ name, param, value, onChange }: FieldProps & { param: Extract<Param, { type: 'numbers' }> }) {
  const { min, max, maxItems: count } = param;
  const read = (text: string) =>
    text
      .split(/[,;，、\s]+/)
      .filter(Boolean)
      .map(Number);
  return (
    <Labelled name={name} param={param} help={t('lab.list-range', { min, max, count })}>
      <input
        id={`p-${name}`}
        defaultValue={(value as number[]).join(', ')}
        // What is typed stays as it is typed; another list, from a button, takes its place.
        key={document.activeElement?.id === `p-${name}` ? 'typing' : String(value)}
        required
        inputMode="decimal"
        autocomplete="off"
        aria-describedby={`h-${name}`}
        onChange={(event) => onChange(name, read(event.currentTarget.value), true)}
      />
    </Labelled>
  );
}

function Labelled({ name, param, help, children }: Pick<FieldProps, 'name' | 'param'> & { help?: string; children: ComponentChildren }) {
  return (
    <div class="field">
      <label for={`p-${name}`}>
        <Name name={name} param={param} />
      </label>
      {children}
      {help && <small id={`h-${name}`}>{help}</small>}
    </div>
  );
}

/** What it is, and the word that is typed for it. */
function Name({ name, param }: Pick<FieldProps, 'name' | 'param'>) {
  return (
    <>
      <span>{describe(param)}</span> <code>{name}</code>
    </>
  );
}

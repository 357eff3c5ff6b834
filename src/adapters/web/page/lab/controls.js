// A demo's parameters as controls, made from its table; see ParamTable in src/demos/params.ts.
import { el } from '../lib/dom.js';
import { t } from '../lib/session.ts';

const STEPS = 200;

/**
 * @param demo as `/api/demos` describes it.
 * @param values the values to begin with.
 * @param onChange told when a value has been settled, not at every pixel of a slider.
 * @returns the fields, and `read` which gives `{ params, problem }`.
 */
export function createControls(demo, values, onChange) {
  const controls = demo.params.map((param) => ({ param, ...control(param, values[param.name] ?? param.default, onChange) }));
  return {
    fields: controls.map(({ field }) => field),
    read() {
      const bad = controls.find(({ check }) => check() !== undefined);
      return {
        params: Object.fromEntries(controls.map(({ param, value }) => [param.name, value()])),
        problem: bad && { text: bad.check(), focus: bad.focus },
      };
    },
    set(params) {
      for (const { param, set } of controls) set(params[param.name] ?? param.default);
    },
  };
}

function control(param, value, onChange) {
  switch (param.type) {
    case 'integer':
    case 'number':
      return slider(param, value, onChange);
    case 'choice':
      return select(param, value, onChange);
    case 'choices':
      return checkboxes(param, value, onChange);
    case 'boolean':
      return checkbox(param, value, onChange);
    default:
      return numbers(param, value, onChange);
  }
}

/** A slider for the hand and a field for the exact number; a logarithmic one gives every decade the same way. */
function slider(param, value, onChange) {
  const { name, min, max, type } = param;
  const whole = type === 'integer';
  const log = param.scale === 'log' && min > 0;
  const toSlider = (x) => (log ? (STEPS * Math.log(x / min)) / Math.log(max / min) : x);
  const fromSlider = (position) => {
    const x = log ? min * (max / min) ** (position / STEPS) : position;
    return whole ? Math.round(x) : Number(x.toPrecision(3));
  };
  const field = el('input', {
    id: `p-${name}`,
    type: 'number',
    min,
    max,
    step: whole ? 1 : 'any',
    value,
    required: true,
    'aria-describedby': `h-${name}`,
  });
  const range = el('input', {
    type: 'range',
    min: log ? 0 : min,
    max: log ? STEPS : max,
    step: log ? 1 : whole ? 1 : (max - min) / STEPS,
    'aria-label': param.description,
    'aria-valuetext': String(value),
  });
  range.value = toSlider(value);
  range.oninput = () => {
    field.value = Math.min(max, Math.max(min, fromSlider(Number(range.value))));
    range.setAttribute('aria-valuetext', field.value);
  };
  range.onchange = onChange;
  field.oninput = () => {
    if (!field.validity.valid) return;
    range.value = toSlider(Number(field.value));
    range.setAttribute('aria-valuetext', field.value);
  };
  field.onchange = onChange;
  const help = t('lab.range', { min, max });
  return {
    field: labelled(param, el('div', { className: 'slider' }, range, field), help),
    value: () => Number(field.value),
    set(x) {
      field.value = x;
      field.oninput();
    },
    check: () => (field.validity.valid ? undefined : `${param.description}: ${help}`),
    focus: () => field.focus(),
  };
}

function select(param, value, onChange) {
  const options = param.choices.map((choice) => el('option', { value: choice, textContent: choice }));
  const field = el('select', { id: `p-${param.name}`, onchange: onChange }, options);
  field.value = value;
  return simple(
    labelled(param, field),
    field,
    () => field.value,
    (x) => {
      field.value = x;
    },
  );
}

function checkbox(param, value, onChange) {
  const field = el('input', { id: `p-${param.name}`, type: 'checkbox', checked: value === true || value === 'true', onchange: onChange });
  return simple(
    labelled(param, field),
    field,
    () => field.checked,
    (x) => {
      field.checked = x === true || x === 'true';
    },
  );
}

function checkboxes(param, value, onChange) {
  const chosen = toList(value);
  const boxes = param.choices.map((choice) =>
    el('input', { type: 'checkbox', value: choice, checked: chosen.includes(choice), onchange: onChange }),
  );
  const field = el(
    'fieldset',
    { className: 'field' },
    el('legend', {}, name(param)),
    el(
      'div',
      { className: 'boxes' },
      boxes.map((box) => el('label', {}, box, box.value)),
    ),
  );
  return {
    field,
    value: () => boxes.filter(({ checked }) => checked).map((box) => box.value),
    set(list) {
      for (const box of boxes) box.checked = toList(list).includes(box.value);
    },
    check: () => (boxes.some(({ checked }) => checked) ? undefined : `${param.description}: ${t('lab.choose-one')}`),
    focus: () => boxes[0].focus(),
  };
}

function numbers(param, value, onChange) {
  const { min, max, maxItems: count } = param;
  const help = t('lab.list-range', { min, max, count });
  const field = el('input', {
    id: `p-${param.name}`,
    value: toList(value).join(', '),
    required: true,
    inputMode: 'decimal',
    autocomplete: 'off',
    'aria-describedby': `h-${param.name}`,
  });
  const read = () =>
    field.value
      .split(/[,;，、\s]+/)
      .filter(Boolean)
      .map(Number);
  const fits = () => read().length > 0 && read().length <= count && read().every((x) => x >= min && x <= max);
  field.onchange = () => {
    field.setCustomValidity(fits() ? '' : help);
    onChange();
  };
  return {
    ...simple(labelled(param, field, help), field, read, (list) => {
      field.value = toList(list).join(', ');
      field.setCustomValidity('');
    }),
    check: () => (fits() ? undefined : `${param.description}: ${t('lab.not-a-list', { min, max, count })}`),
  };
}

function simple(field, focusable, value, set) {
  return { field, value, set, check: () => undefined, focus: () => focusable.focus() };
}

function labelled(param, input, help) {
  return el(
    'div',
    { className: 'field' },
    el('label', { for: `p-${param.name}` }, name(param)),
    input,
    help ? el('small', { id: `h-${param.name}`, textContent: help }) : undefined,
  );
}

/** What it is, and the word that is typed for it. */
function name({ name: typed, description }) {
  return [el('span', { textContent: description }), ' ', el('code', { textContent: typed })];
}

function toList(value) {
  return Array.isArray(value) ? value.map(String) : String(value).split(',').filter(Boolean);
}

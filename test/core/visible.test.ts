import { expect, it } from 'vitest';
import { registry } from '../../commands/index.ts';
import { errorReply, UserError } from '../../src/core/errors.ts';
import { loadStrings } from '../../src/core/i18n.ts';
import { validateOptions } from '../../src/core/options.ts';
import { parseText } from '../../src/core/parse.ts';
import { visible } from '../../src/core/visible.ts';

it.each([
  ['a right-to-left override', 'a\u202eb', 'ab'],
  ['marks and isolates', '\u200ea\u2066b\u2069\u061c', 'ab'],
  ['what looks like nothing', 'a\u200b\u2060\ufeff\u00ad\u3164\u2800b', 'ab'],
  ['tags, private letters, halves of a pair', 'a\u{e0041}\ue000\ud83db', 'ab'],
  ['what a terminal obeys', 'a\u001b[31m\u0007\u009bb\r', 'a[31mb'],
  ['joiners between Latin letters', 'ba\u200dtch\u200cnorm', 'batchnorm'],
])('takes out %s', (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

it.each(['批归一化，γ·x̂ + β', 'two\nlines\tand a tab', '👩🏽‍🔬 👨‍👩‍👧 ❤️‍🔥 🏳️‍🌈 1️⃣', 'می‌خواهم', 'क्‍ष', 'שלום עולם', '$\\nabla f$ — “quoted”'])(
  'leaves %s as it is',
  (text) => {
    expect(visible(text)).toBe(text);
  },
);

it.each([
  ['an option’s value', { name: 'gradient\u202e-nroms' }],
  ['an option’s name', { 'na\u2066me\u200b2': 'x' }],
])('%s that comes back in an error is visible', (_what, options) => {
  const refused = () => validateOptions(registry.get('explain')!, options);
  expect(refused).toThrow(UserError);
  try {
    refused();
  } catch (error) {
    const { text } = errorReply(error as UserError, loadStrings()('en')).blocks[0] as { text: string };
    expect(text).toMatch(/“(name|name2)”/);
    expect(text).not.toMatch(/\p{Cf}/u);
  }
});

it('a command that does not exist is named without what nobody sees', () => {
  const t = loadStrings()('zh');
  expect(t('errors.unknown-command.message', { command: 'a\u202eb' })).toContain('/ab');
  expect(() => parseText('/exp\u200blain batch\u2060norm', registry)).not.toThrow();
  expect(parseText('/exp\u200blain batch\u2060norm', registry).options).toEqual({ topic: 'batchnorm' });
});

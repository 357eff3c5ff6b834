import { afterAll, beforeAll, expect, it } from 'vitest';
import { registry } from '../../commands/index.ts';
import { completeLine, completeOption } from '../../src/core/complete.ts';
import { readZone, suggestZones } from '../../src/learn/zone.ts';
import { gameContent } from '../helpers/game.ts';
import { openStudy, type Study } from '../helpers/study.ts';

let study: Study;
beforeAll(async () => {
  study = await openStudy(gameContent());
});
afterAll(() => study.close());

it.each([
  ['上海', 'Asia/Shanghai'],
  ['北京', 'Asia/Shanghai'],
  ['beijing', 'Asia/Shanghai'],
  ['柏林', 'Europe/Berlin'],
  ['纽约', 'America/New_York'],
  ['Shanghai', 'Asia/Shanghai'],
  ['new york', 'America/New_York'],
  ['asia/shanghai', 'Asia/Shanghai'],
  ['某地', undefined],
])('%s is the zone %s', (typed, zone) => {
  expect(readZone(typed)).toBe(zone);
});

it('every zone that is offered can be read again, by its Chinese name too', () => {
  for (const typed of ['', '上', '伦', 'am', 'Eu']) for (const zone of suggestZones(typed, 'zh')) expect(readZone(zone)).toBe(zone);
});

it('zones begin with the reader’s own: what they told us, else their browser’s, else what is usual in their language', async () => {
  const { services } = study.program;
  const review = registry.get('review')!;
  const first = async (reader: Parameters<typeof completeOption>[6], locale: 'en' | 'zh' = 'zh', typed = '') =>
    (await completeOption(services, review, 'zone', typed, locale, {}, reader))[0]!;
  expect(await first({})).toEqual({ value: 'Asia/Shanghai', label: '上海（Asia/Shanghai）' });
  expect(await first({}, 'en')).toEqual({ value: 'UTC', label: 'UTC' });
  expect((await first({ zone: 'Europe/Berlin' })).value).toBe('Europe/Berlin');
  expect((await first({ zone: 'nonsense' })).value).toBe('Asia/Shanghai');
  await study.room.say('ana', '/review zone:东京');
  const { platform, space } = study.room.ref;
  expect((await first({ person: { platform, space, user: { id: 'ana' } }, zone: 'Europe/Berlin' })).value).toBe('Asia/Tokyo');
  expect((await first({}, 'zh', '上')).value).toBe('Asia/Shanghai');
  expect((await completeLine(services, '/review zone:上海', 'zh')).map(({ value }) => value)).toEqual(['/review zone:Asia/Shanghai ']);
});

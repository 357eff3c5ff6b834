import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buttonOf, elementsOf, history, openSlackBench, type SlackBench, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import type { Place, PressedElement } from '../../helpers/slack/payloads.ts';
import { smallContent } from '../../helpers/small-content.ts';

/** One question that is answered with a number. */
const DECK = `title: { en: Typed, zh: 填空 }
questions:
  - id: typed.half
    kind: numeric
    prompt: { en: 'What is one half as a decimal number?', zh: '二分之一写成小数是多少？' }
    answer: 0.5
    tolerance: 0.001
    explanation: { en: 'One divided by two.', zh: '一除以二。' }
`;

let bench: SlackBench;
let place: Place;
const member = (name: string) => bench.workspace.member(name);
const answers = () => bench.program.services.store.db.selectFrom('answers').selectAll().execute();
const forms = () => bench.com.calls.filter(({ method }) => method === 'views.open');
const board = () =>
  until('the question', async () => (await history(bench.workspace, place.channel)).find(({ text }) => text?.startsWith('Question 1')));
const isForm = ({ action_id: id }: PressedElement) => id.startsWith('tutor-form-');
/** Opens the form of a message, and what the presser is told. */
async function open(name: string, message: Parameters<typeof elementsOf>[0] & { ts: string }, ephemeral = false) {
  const before = forms().length;
  const { hook } = await bench.driver.press(place, member(name), { message, element: elementsOf(message).find(isForm)!, ephemeral });
  const call = await until('the form', () => forms()[before]);
  return { view: call.args.view as Record<string, unknown>, hook };
}
const submit = (name: string, view: Record<string, unknown>, typed: string) => bench.driver.submit(place.team, member(name), view, typed);

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slack-forms-'));
  bench = await openSlackBench({ folder, freshSeed: () => 7, env: { CONTENT_DIR: smallContent({ typed: DECK }), LOG_LEVEL: 'silent' } });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
  await bench.driver.slash(place, member('alice'), '/quiz start topic:typed questions:1 lobby:0 seconds:600');
});
afterAll(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

describe('a question that is answered by typing', () => {
  it('opens a form, and what is sent is the answer, told to the person alone', async () => {
    const { view, hook } = await open('bob', await board());
    expect(view).toMatchObject({ type: 'modal', callback_id: 'tutor-form', submit: { text: 'Send' } });
    const ack = await submit('bob', view, '1/2');
    expect(ack.body).toBeUndefined();
    const { message } = await until('the receipt', () => hook.responses[0]);
    expect(message).toMatchObject({ response_type: 'ephemeral', replace_original: false });
    expect(visibleText(message.blocks)).toContain('1/2');
    expect((await answers()).map(({ user_id }) => user_id)).toEqual([member('bob').id]);
  });

  it('says below the field what cannot be taken, and takes it when it is put right', async () => {
    const { view, hook } = await open('carol', await board());
    const refused = await submit('carol', view, 'a half');
    expect(refused.body).toMatchObject({ response_action: 'errors', errors: { text: expect.stringMatching(/not a number[\s\S]*0\.25/) } });
    expect(hook.responses).toEqual([]);
    expect((await submit('carol', view, '0.5')).body).toBeUndefined();
    await until('the receipt', () => hook.responses[0]);
    expect(await answers()).toHaveLength(2);
  });

  it('tells what to type when the form cannot be opened', async () => {
    bench.com.fail('views.open', { error: 'expired_trigger_id' });
    const message = await board();
    const { hook } = await bench.driver.press(place, member('alice'), { message, element: elementsOf(message).find(isForm)! });
    expect(visibleText((await until('the way', () => hook.responses[0])).message.blocks)).toMatch(/\/answer 0\.5/);
  });

  it('keeps its other buttons', async () => {
    expect(buttonOf(await board(), 'Skip').action_id).toMatch(/^tutor-\d+$/);
  });
});

it('a forged form ends in nothing', async () => {
  const view = { blocks: [{ block_id: 'text', element: { action_id: 'text' } }], callback_id: 'tutor-form', private_metadata: '{"id":1}' };
  expect((await submit('bob', view, 'x')).body).toBeUndefined();
  const element = { type: 'button', action_id: 'tutor-form-0', value: 'no json' };
  const before = forms().length;
  await bench.driver.press(place, member('bob'), { message: { ts: '1.1' }, element });
  expect(forms()).toHaveLength(before);
});

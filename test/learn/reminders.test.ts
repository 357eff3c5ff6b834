import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectRefused } from '../../src/core/outbox.ts';
import { toText } from '../../src/core/reply.ts';
import { buttonsOf, type Room } from '../helpers/room.ts';
import { smallContent } from '../helpers/small-content.ts';
import { openStudy, reviewButtons, type Study } from '../helpers/study.ts';

const content = smallContent();
let study: Study;
beforeEach(async () => {
  study = await openStudy(content);
});
afterEach(() => study.close());

describe('reminders', () => {
  const hour = 3_600_000;
  const sent: string[] = [];
  let refuse: Room['refuse'];

  /** The program is closed, and opened again so much later: nobody turns the clock for a whole day. */
  async function later(ms: number): Promise<void> {
    await study.reopen({ later: ms });
    study.room.refuse = refuse;
    study.program.services.learning.reminders.start();
  }
  /** Turns the clock on over the next few quarters. */
  async function wait(ms: number): Promise<void> {
    await study.clock.advance(ms);
    sent.push(...study.room.directs.splice(0).map(({ user }) => user));
  }

  beforeEach(async () => {
    sent.length = 0;
    refuse = undefined;
    await study.room.press('ana', reviewButtons(study, await study.room.say('ana', '/review topic:batch-size')).wrong);
  });

  it('come once a day, at the person’s hour in their time zone, while something is due', async () => {
    // 12:00 UTC is 20:00 in Shanghai, so 9:00 there is 13 hours away, and the card is due on that day.
    await study.room.say('ana', '/review remind:on hour:9 zone:shanghai');
    await later(12.5 * hour);
    await wait(29 * 60_000);
    expect(sent).toEqual([]);
    await study.clock.advance(60_000);
    const [message] = study.room.directs;
    expect(toText(message!.reply)).toMatch(/\*\*1\*\* of your questions/);
    await wait(hour);
    expect(sent).toEqual(['ana']);
    await later(22.5 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana', 'ana']);
    // The button of a direct message leads to the space that it belongs to.
    const question = await study.room.press('ana', buttonsOf(message!.reply)[0]!.id);
    await study.room.press('ana', reviewButtons(study, question).right);
    await later(23 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana', 'ana']);
  });

  it('are not sent twice by a restart in their hour, and not late at night', async () => {
    await study.room.say('ana', '/review remind:on hour:12');
    await later(23.9 * hour);
    await wait(0.2 * hour);
    expect(sent).toEqual(['ana']);
    await later(60_000);
    await wait(hour);
    expect(sent).toEqual(['ana']);
    // Down from before twelve until half past three the next day: that is no longer the person's hour.
    await later(26.5 * hour);
    await wait(hour);
    expect(sent).toEqual(['ana']);
  });

  it('come again once a clock that was a month ahead is right', async () => {
    await study.room.say('ana', '/review remind:on hour:12');
    await later((30 * 24 - 0.1) * hour);
    await wait(0.2 * hour);
    expect(sent).toEqual(['ana']);
    await later((-29 * 24 - 0.2) * hour);
    await wait(0.2 * hour);
    expect(sent).toEqual(['ana', 'ana']);
    await later(60_000);
    await wait(hour);
    expect(sent).toEqual(['ana', 'ana']);
  });

  it.each([
    ['an adapter that says so', () => new DirectRefused('closed')],
    ['Discord’s 403', () => Object.assign(new Error('Cannot send messages to this user'), { status: 403, code: 50007 })],
  ])('pause when direct messages are refused (%s), until they are switched on again', async (_what, error) => {
    await study.room.say('ana', '/review remind:on hour:12');
    refuse = error;
    await later(23.9 * hour);
    await wait(0.2 * hour);
    refuse = undefined;
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual([]);
    expect(toText(await study.room.say('ana', '/review zone:UTC'))).toMatch(/refused/);
    await study.room.say('ana', '/review remind:on');
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual(['ana']);
  });

  it('stop with the button of the message, and one person’s failure does not stop another’s', async () => {
    await study.room.press('ben', reviewButtons(study, await study.room.say('ben', '/review topic:batch-size')).wrong);
    await study.room.say('ana', '/review remind:on hour:12');
    await study.room.say('ben', '/review remind:on hour:12');
    refuse = (user) => (user === 'ana' ? new Error('network') : undefined);
    await later(23.9 * hour);
    await study.clock.advance(0.2 * hour);
    expect(study.room.directs.map(({ user }) => user)).toEqual(['ben']);
    const quiet = buttonsOf(study.room.directs[0]!.reply).at(-1)!;
    expect(toText(await study.room.press('ben', quiet.id))).toMatch(/No reminders/);
    refuse = undefined;
    await later(23.8 * hour);
    await wait(0.3 * hour);
    expect(sent).toEqual(['ana']);
  });
});

import { describe, expect, it } from 'vitest';
import { actionId, MAX_BUTTON_ID, parseActionId } from '../../src/core/ids.ts';

describe('button ids', () => {
  it('round-trip', () => {
    expect(parseActionId(actionId('quiz', 'pick', 'ab12', 3, 0))).toEqual({
      command: 'quiz',
      action: 'pick',
      args: ['ab12', '3', '0'],
    });
  });

  it('fit a hundred characters and no more', () => {
    const room = MAX_BUTTON_ID - actionId('quiz', 'pick', '').length;
    expect(actionId('quiz', 'pick', 'x'.repeat(room))).toHaveLength(MAX_BUTTON_ID);
    expect(() => actionId('quiz', 'pick', 'x'.repeat(room + 1))).toThrow(RangeError);
  });

  it('refuse the separator inside a part', () => {
    expect(() => actionId('quiz', 'pick', 'a~b')).toThrow(RangeError);
  });

  it.each(['', 'quiz', '0~quiz~pick', '1~quiz', `1~quiz~pick~${'x'.repeat(100)}`])('refuse the forged id %.20s', (id) => {
    expect(() => parseActionId(id)).toThrow('stale-button');
  });
});

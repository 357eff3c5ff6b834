import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as payloads from '../../helpers/slack/payloads.ts';
import type { Hook } from '../../helpers/slack/slack-com.ts';
import type { Member } from '../../helpers/slack/workspace.ts';

const recorded = join(import.meta.dirname, '../../../../shared/specs/recorded');
const present = existsSync(recorded);
if (!present)
  process.stdout.write('The recordings of Slack (../shared/specs/recorded) are not here; the shapes of our messages are not compared.\n');

type Json = Record<string, unknown>;
const read = (file: string, key: string) => (JSON.parse(readFileSync(join(recorded, file), 'utf8')) as Record<string, Json>)[key]!;

/** Every path of a value with the type found there: `user.id: string`. What a message shows is the bot's own. */
function shape(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return shape(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value)
    .filter(([key]) => !['blocks', 'text', 'client_msg_id', 'style', 'parent_user_id'].includes(key))
    .flatMap(([key, inner]) => shape(inner, path === '' ? key : `${path}.${key}`));
}

const hook = { url: 'http://127.0.0.1/x' } as Hook;
const member = { id: 'U1', name: 'alice' } as Member;
const place = { team: 'T1', channel: 'C1' };
const element = { type: 'button', action_id: 'tutor-0', value: 'x' };
const message = { ts: '1.1', thread_ts: '1.0' };
const press = (ephemeral: boolean) => payloads.actionPayload(place, member, { message, element, ephemeral }, hook, 't');

describe.runIf(present)('our messages of Slack have the shape of recorded ones', () => {
  it.each([
    [
      'a slash command',
      'slack-slash-commands.json',
      'slashCommandWithArgs',
      payloads.slashPayload(place, member, '/x', 'y', hook, 't'),
      [],
    ],
    ['a press', 'slack-modals.json', 'action', press(false), ['actions[].value: string']],
    ['a press on an ephemeral message', 'slack-modals.json', 'ephemeralAction', press(true), ['actions[].value: string']],
    ['a mention', 'slack-modals.json', 'mention', payloads.eventPayload('T1', payloads.mentionEvent('C1', member, 'T1', 'hello')), []],
  ] as [string, string, string, Json, string[]][])('%s', (_what, file, key, ours, more) => {
    const theirs = shape(read(file, key));
    expect(shape(ours).sort()).toEqual([...new Set([...theirs, ...more])].sort());
  });

  it('a choice in a list', () => {
    const option = { text: { type: 'plain_text', text: 'a', emoji: true }, value: 'x' };
    const ours = payloads.actionPayload(
      place,
      member,
      { message, element: { type: 'external_select', action_id: 'choose~x~y' }, option },
      hook,
      't',
    );
    const theirs = read('slack-actions.json', 'staticSelectAction');
    const [own] = ours.actions as Json[];
    const [their] = theirs.actions as Json[];
    expect(Object.keys(own!).sort()).toEqual(
      Object.keys(their!)
        .filter((key) => key !== 'placeholder')
        .sort(),
    );
  });
});

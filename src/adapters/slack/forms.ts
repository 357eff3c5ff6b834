import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { Form } from '../../core/reply.ts';
import type { Services } from '../../services.ts';
import type { SlackApi } from './api.ts';
import type { Origin } from './decode.ts';
import { explain } from './errors.ts';
import type { Handler } from './handle.ts';
import { spaceOf } from './installations.ts';
import { clip, LIMITS } from './limits.ts';
import { FORM, readForm } from './render.ts';

export interface FormDeps {
  services: Services;
  handler: Handler;
  api: SlackApi;
  originOf(body: BlockAction, context: Parameters<typeof spaceOf>[0], respond: Origin['respond']): Origin;
}

/** What a form's view remembers of the press that opened it. */
const Meta = z.object({
  id: z.string(),
  channel: z.string(),
  thread: z.string().optional(),
  ephemeral: z.boolean(),
  direct: z.boolean(),
  /** Where the press may be answered; Slack takes five answers in half an hour. */
  url: z.string().optional(),
});
const CALLBACK = 'tutor-form';
const FIELD = 'text';
/** Slack wants an answer to a form within three seconds; an error then stands below the field. */
const LATEST = 2_000;
const TIMEOUT = 10_000;

/**
 * Buttons that ask for a line of text open a form; what is typed comes as a press of that button with the text beside
 * it. What cannot be taken is told below the field, where it can be put right.
 */
export function registerForms(app: App, { services, handler, api, originOf }: FormDeps): void {
  const { log, clock, i18n } = services;

  app.action<BlockAction>({ type: 'block_actions', action_id: FORM }, async ({ body, action, ack, respond, context }) => {
    await ack().catch((error: unknown) => log.info({ err: error }, 'Slack did not get our acknowledgement'));
    const pressed = readForm('value' in action ? (action.value ?? '') : '');
    if (!pressed) return;
    const origin = originOf(body, context, respond);
    const { channel, thread, ephemeral = false, direct } = origin;
    const meta = { id: pressed.id, channel, thread, ephemeral, direct, url: body.response_url } satisfies z.infer<typeof Meta>;
    try {
      const t = i18n(/\p{Script=Han}/u.test(pressed.form.label) ? 'zh' : 'en', 'slack');
      await api.openForm(
        origin.space,
        body.trigger_id,
        formView(pressed.form, JSON.stringify(meta), t('slack.form-send'), t('slack.form-close')),
      );
    } catch (error) {
      if (!explain(error, 'views.open')) throw error;
      // Too late for a form: the press alone is told what to type.
      await handler.handle({ id: body.trigger_id, origin, read: () => ({ action: pressed.id, options: {} }) });
    }
  });

  app.view<ViewSubmitAction>({ callback_id: CALLBACK, type: 'view_submission' }, async ({ body, view, ack, context }) => {
    const meta = Meta.safeParse(parse(view.private_metadata));
    if (!meta.success) return void (await ack());
    const { id, url, thread, ...place } = meta.data;
    const text = view.state.values[FIELD]?.[FIELD]?.value ?? '';
    const user = { user: body.user.id, userName: body.user.name };
    const origin: Origin = { space: spaceOf(context), ...user, ...place, thread, respond: url === undefined ? undefined : responder(url) };
    let done: Promise<void> | undefined;
    const once = (problem?: string): Promise<void> => {
      stop();
      done ??= ack(problem === undefined ? undefined : { response_action: 'errors', errors: { [FIELD]: problem } }).catch(
        (error: unknown) => log.info({ err: error }, 'Slack did not get our acknowledgement'),
      );
      return done;
    };
    const stop = clock.schedule(clock.now() + LATEST, () => void once());
    await handler.handle({
      id: body.trigger_id,
      origin,
      read: () => ({ action: id, options: { text } }),
      async acknowledge(_shown, reply) {
        const problem = !done && reply?.result?.kind === 'error' ? `${reply.result.message} ${reply.result.hint}` : undefined;
        await once(problem && clip(problem, LIMITS.formError));
        return problem !== undefined;
      },
    });
  });
}

function formView({ title, label, placeholder, maxLength, lines, value }: Form, meta: string, send: string, close: string): ModalView {
  const plain = (text: string, max: number) => ({ type: 'plain_text' as const, text: clip(text, max), emoji: false });
  return {
    type: 'modal',
    callback_id: CALLBACK,
    private_metadata: meta,
    title: plain(title, LIMITS.viewTitle),
    submit: plain(send, LIMITS.viewTitle),
    close: plain(close, LIMITS.viewTitle),
    blocks: [
      {
        type: 'input',
        block_id: FIELD,
        label: plain(label, LIMITS.formLabel),
        element: {
          type: 'plain_text_input',
          action_id: FIELD,
          max_length: Math.min(maxLength, LIMITS.formText),
          focus_on_load: true,
          ...(lines && { multiline: true }),
          ...(value && { initial_value: value.slice(0, LIMITS.formText) }),
          ...(placeholder && { placeholder: plain(placeholder, LIMITS.placeholder) }),
        },
      },
    ],
  };
}

/** Answers where the press of the button may be answered. */
function responder(url: string): NonNullable<Origin['respond']> {
  return async (message) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw new Error(`response_url: ${response.status}`);
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Params, Translate } from './i18n.ts';
import { type Reply, whisper } from './reply.ts';

/**
 * Something the person can put right. `code` names two strings in content/locales: `errors.<code>.message`
 * says what is wrong, `errors.<code>.hint` what to do next.
 */
export class UserError extends Error {
  readonly code: string;
  readonly params: Params;

  constructor(code: string, params: Params = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'UserError';
    this.code = code;
    this.params = params;
  }
}

/** The private reply that tells a person what went wrong and what to do next. */
export function errorReply(error: UserError, t: Translate): Reply {
  const message = t(`errors.${error.code}.message`, error.params);
  const hint = t(`errors.${error.code}.hint`, error.params);
  return whisper([{ type: 'note', tone: 'error', text: `${message}\n${hint}` }], {
    kind: 'error',
    code: error.code,
    message,
    hint,
  });
}

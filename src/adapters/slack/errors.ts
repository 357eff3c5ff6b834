import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { UserError } from '../../core/errors.ts';

/** What went wrong with Slack, for the person who asked and for the host's log. */
export interface SlackProblem {
  /** Slack's own word for it, e.g. `not_in_channel`. */
  reason: string;
  /** For the log: what to do, naming the scope or the step. */
  fix: string;
  /** For the person, in their language. */
  error: UserError;
  /** Trying again later may help. */
  passing: boolean;
}

const TOKEN = ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'no_permission', 'org_login_required'];
/** Slack's words for a channel that we are not in. */
export const OUTSIDE = ['not_in_channel', 'channel_not_found', 'no_channel_access', 'user_not_in_channel'];
/** Answers to a direct message that will not change by asking again. */
const NO_DIRECT = ['cannot_dm_bot', 'user_not_found', 'user_disabled', 'users_not_found', 'messages_tab_disabled', 'channel_not_found'];

/** Puts a failure of the Web API into words; undefined for errors that did not come from Slack. */
export function explain(error: unknown, method: string): SlackProblem | undefined {
  const reason = reasonOf(error);
  if (reason === undefined) return undefined;
  const problem = (code: string, fix: string, params: Record<string, string> = {}, passing = false): SlackProblem => ({
    reason,
    fix: `${method}: ${reason}. ${fix}`,
    error: new UserError(code, { reason, ...params }, { cause: error }),
    passing,
  });
  if (TOKEN.includes(reason))
    return problem(
      'slack-token',
      'Slack does not accept the token. Copy the Bot User OAuth Token from OAuth & Permissions into SLACK_BOT_TOKEN and start again.',
    );
  if (reason === 'missing_scope') {
    const scope = neededScope(error);
    return problem(
      'slack-scope',
      `The app lacks the scope ${scope}. Add it under OAuth & Permissions → Bot Token Scopes, then press Reinstall to Workspace.`,
      { scope },
    );
  }
  if (OUTSIDE.includes(reason))
    return problem('slack-outside', 'The app is not a member of that channel. Someone there types: /invite @Gradient Tutor');
  if (reason === 'is_archived') return problem('slack-archived', 'That channel is archived. Unarchive it, or use another one.');
  if (reason === 'ratelimited') return problem('slack-busy', 'Slack asks us to slow down; we try again after the time it names.', {}, true);
  if (reason === 'unreachable')
    return problem(
      'slack-unreachable',
      `Slack does not answer: ${(error as Error).message}. Check the network and SLACK_API_URL.`,
      {},
      true,
    );
  return problem('slack-refused', 'Slack refused the call.');
}

/** Slack's word for a failure: `missing_scope`, `ratelimited`, `unreachable` … */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  if (error instanceof WebAPIRateLimitedError) return 'ratelimited';
  if (error instanceof WebAPIRequestError || error instanceof WebAPIHTTPError) return 'unreachable';
  return undefined;
}

/** Whether a direct message can never arrive. */
export function isDirectRefused(error: unknown): boolean {
  return NO_DIRECT.includes(reasonOf(error) ?? '');
}

/** Nothing reached Slack, so that sending again cannot show anything twice. */
export function neverArrived(error: unknown): boolean {
  if (!(error instanceof WebAPIRequestError)) return false;
  const { cause } = error.original as { cause?: { code?: string } };
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(cause?.code ?? '');
}

function neededScope(error: unknown): string {
  const { data } = error as { data?: { needed?: string } };
  return data?.needed || '?';
}

import { RESTJSONErrorCodes as Code, DiscordAPIError, DiscordjsError, DiscordjsErrorCodes, GatewayCloseCodes, HTTPError } from 'discord.js';
import { ConfigError } from '../../config.ts';

const PORTAL = 'https://discord.com/developers/applications';

/** A reason for not being connected that only the host can put right; the message says where to click. */
export class DiscordSetupError extends ConfigError {
  override name = 'DiscordSetupError';
}

/** What is wrong with the token or the bot's settings, or undefined for what may pass by itself. */
export function setupError(error: unknown): DiscordSetupError | undefined {
  if (error instanceof DiscordSetupError) return error;
  const refused = (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) || statusOf(error) === 401;
  return refused ? tokenRefused() : undefined;
}

function tokenRefused(): DiscordSetupError {
  return new DiscordSetupError(
    `Discord refused the token. Open ${PORTAL} → your application → Bot → “Reset Token”, copy it into .env as DISCORD_TOKEN, and start again.`,
  );
}

/** The same for the code with which Discord closed the connection for good. */
export function closeError(code: number): DiscordSetupError | undefined {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return tokenRefused();
    case GatewayCloseCodes.DisallowedIntents:
    case GatewayCloseCodes.InvalidIntents:
      return new DiscordSetupError(
        `Discord does not allow the intents that were asked for (${code}). Set DISCORD_MESSAGE_CONTENT=off in .env (or DISCORD_MESSAGES=off, where that is not on), or open ${PORTAL} → your application → Bot → “Privileged Gateway Intents” and allow them, then start again.`,
      );
    case GatewayCloseCodes.ShardingRequired:
      return new DiscordSetupError(
        `Discord wants the servers divided into more shards (${code}). Remove DISCORD_SHARDS from .env, or raise it (one for every 1,000 servers), then start again.`,
      );
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.InvalidAPIVersion:
      return new DiscordSetupError(`Discord closed the connection for good (${code}). Update the program (git pull, then npm start).`);
    default:
      return undefined;
  }
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError || error instanceof HTTPError ? error.status : undefined;
}

export function codeOf(error: unknown): number | undefined {
  return error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : undefined;
}

/** The first try got through although its answer was lost: what was to be said has been said. */
export const isAlreadyAcknowledged = (error: unknown): boolean => codeOf(error) === Code.InteractionHasAlreadyBeenAcknowledged;

/** Discord no longer knows the interaction: it came too late, or its token has died. */
export const isInteractionGone = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === Code.UnknownInteraction || code === Code.InvalidWebhookToken || code === Code.UnknownWebhook || statusOf(error) === 401;
};

export const isMessageGone = (error: unknown): boolean => {
  const code = codeOf(error);
  return code === Code.UnknownMessage || code === Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached;
};

/** Discord does not like the form of the message: the other layout may do. */
export const isBadForm = (error: unknown): boolean => codeOf(error) === Code.InvalidFormBodyOrContentType;

const CLOSED = new Set<number | undefined>([
  Code.MissingAccess,
  Code.MissingPermissions,
  Code.UnknownChannel,
  Code.UnknownGuild,
  Code.InvalidActionOnArchivedThread,
  Code.ThreadLocked,
  Code.CannotSendMessagesInNonTextChannel,
]);

/** The place is closed to the bot until somebody opens it. */
export const isPlaceClosed = (error: unknown): boolean => CLOSED.has(codeOf(error));

export const isDirectRefused = (error: unknown): boolean => {
  const code = codeOf(error);
  return (
    code === Code.CannotSendMessagesToThisUser ||
    code === Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds ||
    code === Code.MissingAccess ||
    code === Code.UnknownUser
  );
};

import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import type { Platform } from '../core/request.ts';
import type { Adapter } from './adapter.ts';

/** How the platforms stand that the settings ask for, as `GET /health` tells it. */
export type PlatformStates = Partial<Record<Platform, { connected: boolean; since: string }>>;

type Wishes = Pick<Config, 'roles' | 'discord' | 'slack'>;

/** Platforms that this process is to listen to and whose tokens are set, whether they have come up or not. */
export function wantedPlatforms({ roles, discord, slack }: Wishes): Platform[] {
  return [
    ...(roles.has('gateway') && discord.token ? ['discord' as const] : []),
    ...(roles.has('slack') && (slack.botToken || slack.clientId) ? ['slack' as const] : []),
  ];
}

/**
 * Reads each wanted platform's state: connected or not, and since when.
 * @returns a function to call as often as somebody asks; it holds no detail that only the host may know.
 */
export function followPlatforms(
  { config, clock }: { config: Wishes; clock: Clock },
  adapters: () => readonly Adapter[],
): () => PlatformStates {
  const started = clock.now();
  // For an adapter that does not tell itself since when: as far as it has been looked at.
  const seen = new Map<Platform, { ok: boolean; at: number }>();
  return () =>
    Object.fromEntries(
      wantedPlatforms(config).map((platform) => {
        const health = adapters()
          .find((adapter) => adapter.platform === platform)
          ?.health();
        const ok = health?.ok ?? false;
        const known = seen.get(platform);
        const at = health?.since ?? (known?.ok === ok ? known.at : known ? clock.now() : started);
        seen.set(platform, { ok, at });
        return [platform, { connected: ok, since: new Date(at).toISOString() }];
      }),
    );
}

import type { Adapter } from './adapters/adapter.ts';
import type { Dispatch } from './core/dispatch.ts';
import type { Role } from './core/roles.ts';
import type { Services } from './services.ts';

/** What a role starts. */
interface Part {
  role: Role;
  /** Whether the settings give it anything to do. */
  wanted?: (services: Services) => boolean;
  start: (parts: Parts) => Promise<Adapter | undefined>;
  /** In a process that has not the role: how it still speaks on the platform, without listening to it. */
  speak?: (parts: Parts) => Promise<Adapter | undefined>;
}

interface Parts {
  services: Services;
  dispatch: Dispatch;
  /** Everything that runs, for the host's view. */
  adapters: () => readonly Adapter[];
}

/** In the order in which they start: what others need comes first, and what may take long last. */
const PARTS: readonly Part[] = [
  {
    role: 'lab',
    async start({ services }) {
      await services.demos.serve();
      return undefined;
    },
  },
  {
    role: 'web',
    start: async ({ services, dispatch, adapters }) => (await import('./adapters/web/start.ts')).startWeb(services, dispatch, adapters),
    speak: async ({ services }) => (await import('./adapters/web/speak.ts')).speakWeb(services),
  },
  {
    role: 'clock',
    async start({ services }) {
      // Quizzes of the playground need not wait until the other platforms answer.
      await services.resume();
      services.learning.reminders.start();
      services.gaps.digest.start();
      services.spaces.start();
      services.timetable.start();
      return undefined;
    },
  },
  {
    role: 'gateway',
    wanted: ({ config }) => config.discord.token !== undefined,
    start: async ({ services, dispatch }) => (await import('./adapters/discord/start.ts')).startDiscord(services, dispatch),
    speak: async ({ services }) => (await import('./adapters/discord/start.ts')).speakDiscord(services),
  },
  {
    role: 'slack',
    wanted: ({ config: { slack } }) => slack.botToken !== undefined || slack.clientId !== undefined,
    start: async ({ services, dispatch }) => (await import('./adapters/slack/start.ts')).startSlack(services, dispatch),
    speak: async ({ services }) => (await import('./adapters/slack/speaking.ts')).speakSlack(services),
  },
];

/**
 * Starts what this process does by its roles (docs/scale.md), and the couriers of what it does not do.
 * @param adapters gets each as soon as it runs
 */
export async function startParts(services: Services, dispatch: Dispatch, adapters: Adapter[]): Promise<void> {
  const parts = { services, dispatch, adapters: () => adapters };
  for (const { role, wanted, start, speak } of PARTS) {
    if (wanted && !wanted(services)) continue;
    const adapter = services.config.roles.has(role) ? await start(parts) : await speak?.(parts);
    if (adapter) adapters.push(adapter);
  }
  await services.resume();
}

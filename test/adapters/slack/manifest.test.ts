import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registry } from '../../../commands/index.ts';
import { MANIFEST, manifestText } from '../../../scripts/slack-manifest.ts';
import { createManifest } from '../../../src/adapters/slack/manifest.ts';
import { createRegistry, defineCommand } from '../../../src/core/command.ts';

const root = join(import.meta.dirname, '../../..');
const command = (name: string) =>
  defineCommand({
    name,
    description: { en: name },
    visibility: 'public',
    options: {},
    examples: [`/${name}`],
    run: () => ({ blocks: [], visibility: 'public' }),
  });
const names = (manifest: ReturnType<typeof createManifest>) => manifest.features.slash_commands.map((one) => one.command);

describe('slack-manifest.json', () => {
  it('is what the registry says (npm run slack:manifest)', () => {
    expect(readFileSync(MANIFEST, 'utf8')).toBe(manifestText());
  });

  it('has every command and the umbrella, within Slack’s lengths', () => {
    const manifest = createManifest(registry);
    expect(names(manifest)).toEqual([...[...registry.keys()].map((name) => `/${name}`), '/tutor']);
    // The numbers of ../shared/platforms.md.
    expect(manifest.features.slash_commands.length).toBeLessThanOrEqual(50);
    for (const one of manifest.features.slash_commands) {
      expect(one.command.length).toBeLessThanOrEqual(32);
      expect(one.usage_hint?.length ?? 1).toBeLessThanOrEqual(1000);
      expect(one.description.length).toBeLessThanOrEqual(2000);
    }
    expect([...manifest.display_information.name].length).toBeLessThanOrEqual(35);
    expect([...manifest.display_information.description].length).toBeLessThanOrEqual(140);
    expect(manifest.settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
  });

  it('asks for no more than what the code uses', () => {
    const source = globSync('src/adapters/slack/*.ts', { cwd: root })
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    const uses: Record<string, RegExp> = {
      'app_mentions:read': /app\.event\('app_mention'/,
      'channels:history': /kind !== 'channel'/,
      'chat:write': /chat\.postMessage/,
      commands: /app\.command\(/,
      'files:read': /url_private_download/,
      'files:write': /files\.completeUploadExternal/,
      'groups:history': /kind !== 'group'/,
      'im:history': /kind === 'im'/,
      'users:read': /users\.info/,
    };
    const { bot } = createManifest(registry).oauth_config.scopes;
    expect([...bot].sort()).toEqual(Object.keys(uses).sort());
    for (const scope of bot) expect(source, scope).toMatch(uses[scope]!);
  });

  it('leaves out names that Slack keeps for itself, and what is beyond 50 commands', () => {
    const many = createRegistry([command('status'), command('search'), ...Array.from({ length: 60 }, (_, i) => command(`c${i}`))]);
    const made = names(createManifest(many));
    expect(made).not.toContain('/status');
    expect(made).not.toContain('/search');
    expect(made).toHaveLength(50);
    expect(made.at(-1)).toBe('/tutor');
  });

  it('names the public address everywhere Slack calls', () => {
    const manifest = createManifest(registry, 'https://tutor.example.org');
    expect(JSON.stringify(manifest).match(/https:\/\/tutor\.example\.org\/slack\/events/g)!.length).toBe(
      manifest.features.slash_commands.length + 3,
    );
    expect(manifest.settings.socket_mode_enabled).toBe(false);
    expect(manifest.oauth_config.redirect_urls).toEqual(['https://tutor.example.org/slack/oauth_redirect']);
  });

  it('is written where the docs say to paste it from, with the address too', () => {
    const out = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'slack-manifest.json');
    const made = spawnSync(process.execPath, ['scripts/slack-manifest.ts', '--url', 'https://tutor.example.org', '--out', out], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(made.status).toBe(0);
    expect(made.stdout.split('\n')[0]).toBe(out);
    expect(readFileSync(out, 'utf8')).toBe(manifestText('https://tutor.example.org'));
    // Without --out it is the file that step 3 names.
    expect(MANIFEST).toBe(join(root, 'slack-manifest.json'));
    expect(readFileSync(join(root, 'docs/slack.md'), 'utf8')).toMatch(/replace everything with the contents of `slack-manifest\.json`/);
  });

  it('is not made for an address that Slack would refuse', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/slack-manifest.ts', '--url', 'http://x'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^--url http:\/\/x: .*https:\/\//);
  });
});

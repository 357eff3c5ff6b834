import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig, settings } from '../../src/config.ts';
import { ROLES } from '../../src/core/roles.ts';
import { watchFigures } from '../../src/ops/figures.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import type { Services } from '../../src/services.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  environment: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, unknown> | string[];
  profiles?: string[];
}
const cluster = parse(read('deploy/compose.cluster.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
/** The services that are our program. */
const ours = Object.values(cluster.services).filter(({ environment }) => environment.ROLE !== undefined);

describe('deploy/', () => {
  it('has a process for each role in the compose file of several, all of which read their settings', () => {
    expect(ours.map(({ environment }) => environment.ROLE).toSorted()).toEqual([...ROLES].toSorted());
    const secret = { DISCORD_TOKEN: 'x', SLACK_BOT_TOKEN: 'x' };
    for (const { environment } of ours) {
      const filled = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [name, String(value).replace(/\$\{[^}]*\}/, 'x')]),
      );
      expect([...readConfig({ ...secret, ...filled }, 'no.env').roles]).toEqual([environment.ROLE]);
    }
    const web = cluster.services.web!;
    // What is on a board is drawn by a clock and served by web.
    expect(cluster.services.clock!.volumes).toEqual(web.volumes);
    for (const { volumes = [], depends_on: needs = {} } of Object.values(cluster.services)) {
      const named = volumes.map((volume) => volume.split(':')[0]!).filter((name) => /^[a-z-]+$/.test(name));
      expect(Object.keys(cluster.volumes)).toEqual(expect.arrayContaining(named));
      expect(Object.keys(cluster.services)).toEqual(expect.arrayContaining(Array.isArray(needs) ? needs : Object.keys(needs)));
    }
    const passed = [...read('deploy/Caddyfile.cluster').matchAll(/reverse_proxy (\w+):(\d+)/g)].map(([, name, port]) => [
      name,
      Number(port),
    ]);
    const { slack } = cluster.services;
    expect(passed).toEqual([
      ['slack', slack!.environment.SLACK_PORT],
      ['web', web.environment.PORT],
    ]);
  });

  it('sets only settings that there are', () => {
    const names = new Set([...Object.keys(settings.shape), 'NODE_ENV']);
    const linesOf = (file: string, pattern: RegExp) =>
      [...read(file).matchAll(pattern)].flatMap(([, line]) => [...line!.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name!));
    const set = [
      ...Object.keys(parse(read('deploy/compose.yaml')).services.tutor.environment),
      ...ours.flatMap(({ environment }) => Object.keys(environment)),
      ...linesOf('deploy/gradient-tutor.service', /^Environment=(.*)$/gm),
      ...linesOf('deploy/Dockerfile', /^ENV (.*)$/gm),
    ];
    expect(set.length).toBeGreaterThan(8);
    expect(set.filter((name) => !names.has(name) && !name.startsWith('MALLOC_'))).toEqual([]);
  });

  it('starts as npm start does, with the same words to the C library', () => {
    const memory = (file: string) => [...read(file).matchAll(/(MALLOC_[A-Z_]+=\d+)/g)].map(([, given]) => given);
    const start = /src\/main\.ts|--import \S+|--max-\S+/g;
    const ways = ['package.json', 'deploy/gradient-tutor.service', 'deploy/Dockerfile'].map((file) => {
      const line = read(file)
        .split('\n')
        .find((one) => one.includes('src/main.ts'))!;
      return line.replaceAll('", "', ' ').match(start);
    });
    expect(ways[0]).toHaveLength(3);
    expect(ways.slice(1)).toEqual([ways[0], ways[0]]);
    expect(memory('deploy/gradient-tutor.service')).toHaveLength(3);
    expect(memory('deploy/Dockerfile')).toEqual(memory('deploy/gradient-tutor.service'));
    expect(memory('scripts/ensure-install.mjs')).toEqual(memory('deploy/gradient-tutor.service'));
  });

  it('alerts and dashboard read figures that the program has', async () => {
    const metrics = createMetrics();
    watchFigures(metrics, {} as Services, { platforms: () => ({}), newestBackup: () => 0 });
    const known = new Set(metrics.names());
    const asked = [
      ...`${read('deploy/prometheus/alerts.yaml')}${read('deploy/prometheus/dashboard.json')}`.matchAll(
        /\b(?:tutor|process|nodejs)_[a-z0-9_]+/g,
      ),
    ]
      .map(([name]) => name.replace(/_bucket$/, ''))
      .filter((name) => name !== 'tutor_data');
    expect(new Set(asked).size).toBeGreaterThan(12);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('npm run slim', () => {
  it('refuses where development packages would lose what they need, and says what to do', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/slim.ts'], { cwd: root, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/npm ci --omit=dev/);
    // What it would have taken is still there.
    expect(globSync('node_modules/@tensorflow/tfjs-core/dist/*.d.ts', { cwd: root }).length).toBeGreaterThan(0);
  });

  it('--help says what it does', () => {
    expect(execFileSync(process.execPath, ['scripts/slim.ts', '--help'], { cwd: root, encoding: 'utf8' })).toMatch(
      /npm ci brings everything back/,
    );
  });
});

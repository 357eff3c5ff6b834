import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, settings } from '../src/config.ts';

const none = join(tmpdir(), 'no-such-env-file');
const envFile = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'env-')), '.env');
  writeFileSync(file, text);
  return file;
};

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({}, none)).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      defaultLocale: 'en',
      tfBackend: 'auto',
    });
  });

  it('lets the environment win over the file, and an empty value mean not set', () => {
    const file = envFile('PORT=4000\nDEFAULT_LOCALE="zh" # Chinese\nDISCORD_TOKEN=\n');
    expect(readConfig({}, file)).toMatchObject({
      port: 4000,
      defaultLocale: 'zh',
      discord: { token: undefined },
    });
    expect(readConfig({ PORT: '5000' }, file).port).toBe(5000);
  });

  it.each([
    [{ PORT: 'abc' }, /PORT=abc/],
    [{ PORT: '70000' }, /PORT=70000/],
    [{ TF_BACKEND: 'gpu' }, /TF_BACKEND=gpu/],
    [{ SLACK_API_URL: 'nowhere' }, /SLACK_API_URL=nowhere/],
  ])('names the setting that does not fit: %o', (environment, message) => {
    expect(() => readConfig(environment, none)).toThrow(message);
  });

  it.each([
    ['PORT 3000', /line 1: expected NAME=value/],
    ['A=1\n{oops}\n', /line 2: expected NAME=value/],
    ['A="never closed\nB=2\n', /never closed/],
  ])('names the malformed line of %s', (text, message) => {
    expect(() => readConfig({}, envFile(text))).toThrow(message);
  });
});

describe('ROLE', () => {
  const shared = { DATABASE_URL: 'postgres://u:p@localhost/db', DISCORD_TOKEN: 't', SLACK_BOT_TOKEN: 's' };

  it.each([
    [{}, ['gateway', 'slack', 'web', 'clock', 'lab']],
    [{ ROLE: 'all' }, ['gateway', 'slack', 'web', 'clock', 'lab']],
    [{ ...shared, ROLE: 'lab' }, ['lab']],
    [{ ...shared, ROLE: ' Web, gateway ,web' }, ['gateway', 'web']],
  ])('%o', (environment, roles) => {
    expect([...readConfig(environment, none).roles]).toEqual(roles);
  });

  it.each([
    [{ ROLE: 'gatway' }, /ROLE=gatway: “gatway” is no role, gateway perhaps; expected all, or of gateway, slack, web, clock, lab/],
    [{ ...shared, ROLE: 'web,,desk' }, /“desk” is no role/],
    [{ ...shared, ROLE: ',' }, /expected all/],
    [{ ROLE: 'web' }, /ROLE=web: needs DATABASE_URL[^\n]*leave ROLE=all/],
    [{ ...shared, DISCORD_TOKEN: '', ROLE: 'web,gateway' }, /needs DISCORD_TOKEN/],
    [{ ...shared, SLACK_BOT_TOKEN: '', ROLE: 'slack' }, /needs SLACK_BOT_TOKEN/],
    [{ ROLE: 'slack', PORT: 'x' }, /PORT=x[\s\S]*needs DATABASE_URL[\s\S]*needs SLACK_BOT_TOKEN/],
  ])('does not take %o, and says what to do', (environment, message) => {
    expect(() => readConfig(environment, none)).toThrow(message);
  });
});

describe('a host’s slips', () => {
  it('reads what Windows has saved: CRLF, byte order mark, quotes', () => {
    expect(readConfig({}, envFile('\uFEFFPORT="4000"\r\nDEFAULT_LOCALE=zh\r\n# end\r\n'))).toMatchObject({
      port: 4000,
      defaultLocale: 'zh',
    });
  });

  it('reports everything at once', () => {
    const file = envFile('PORT 3000\nTF_BACKEND=gpu\n');
    expect(() => readConfig({ HOST: ' ', SLACK_PORT: 'x', BACKUP_EVERY: 'daily' }, file)).toThrow(
      /line 1[\s\S]*BACKUP_EVERY=daily: expected for example[\s\S]*SLACK_PORT=x/,
    );
  });

  it('warns of names that look like a setting, and of no others', () => {
    const { misspelt } = readConfig(
      { DISCORD_TOKN: 'secret', DISPLAY: ':0', HOME: '/root', SLACK_CHANNEL: 'x' },
      envFile('CACHEDIR=a\nXYZZY=1\n'),
    );
    expect(misspelt).toEqual([
      { name: 'CACHEDIR', meant: 'CACHE_DIR' },
      { name: 'XYZZY' },
      { name: 'DISCORD_TOKN', meant: 'DISCORD_TOKEN' },
    ]);
  });

  it.each([
    ['12h', 43_200_000],
    ['7d', 604_800_000],
    ['off', null],
  ])('backups every %s', (typed, ms) => {
    expect(readConfig({ BACKUP_EVERY: typed }, none).backups.every).toBe(ms);
  });
});

it('.env.example explains every setting', () => {
  const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8');
  const named = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map((match) => match[1]);
  expect(named.sort()).toEqual(Object.keys(settings.shape).sort());
});

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const SDK = /^(discord\.js|@discordjs\/.*|@slack\/.*|hono.*|@hono\/.*)$/;

interface Law {
  files: string;
  forbidden: (specifier: string) => boolean;
}

const laws: Law[] = [
  { files: '{src/core,commands}/**/*.ts', forbidden: (s) => SDK.test(s) || s.includes('/adapters/') },
  {
    files: 'src/{notes,own-notes,gaps,demos,charts,quiz,store}/**/*.ts',
    forbidden: (s) => SDK.test(s) || s.includes('/adapters/') || s.includes('/commands/'),
  },
  {
    files: 'src/experiments/*/*.ts',
    forbidden: (s) => !/^(@tensorflow\/tfjs$|ml-matrix$|\.\.\/\.\.\/(core|demos|charts)\/)/.test(s),
  },
];

/** Everything a source file imports, statically, dynamically or for its types. */
function importsOf(source: string): string[] {
  // Not the word “from” at the end of a text that is quoted.
  const pattern = /^\s*(?:import|export)\b(?:[^'"`;]*\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map((match) => (match[1] ?? match[2])!);
}

function breaches(law: Law, read = (file: string) => readFileSync(join(root, file), 'utf8')): string[] {
  return globSync(law.files, { cwd: root }).flatMap((file) =>
    importsOf(read(file))
      .filter(law.forbidden)
      .map((specifier) => `${file} imports ${specifier}`),
  );
}

describe('layering', () => {
  it.each(laws)('$files imports nothing it must not know', (law) => {
    expect(globSync(law.files, { cwd: root }).length).toBeGreaterThan(3);
    expect(breaches(law)).toEqual([]);
  });

  it.each([
    "import { Client } from 'discord.js';",
    "import type { App } from '@slack/bolt';",
    "import { start } from '../adapters/web/start.ts';",
    "const sdk = await import('discord.js');",
    "export { Hono } from 'hono';",
  ])('catches %s', (line) => {
    for (const law of laws) {
      const first = globSync(law.files, { cwd: root })[0]!;
      const withLine = (file: string) => (file === first ? `${line}\n` : '') + readFileSync(join(root, file), 'utf8');
      expect(breaches(law, withLine)).toHaveLength(1);
    }
  });
});

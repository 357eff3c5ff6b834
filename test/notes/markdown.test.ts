import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseBody } from '../../src/notes/markdown.ts';

const TOPICS = join(import.meta.dirname, '../../content/topics');
/** A comment has the parser read the text, and leaves no trace in the sections. */
const parsed = (body: string) => parseBody(`${body}\n\n<!-- -->\n`).sections;

it('what is read without the parser comes out as the parser has it', () => {
  const shipped = readdirSync(TOPICS).map((id) => readFileSync(join(TOPICS, id, 'en.md'), 'utf8').replace(/^---\n[\s\S]*?\n---\n/, ''));
  const odd = [
    '',
    'one line',
    '\n\n  intro\n\n## A {#idea}\n\ntext  \n\n##\tB  \n- item\n## C\n| a |\n|---|\n| b |\n## D\n',
    '## A\n## B',
    'text\n## *Why* `x`?\n\n    ## code\n',
    '- item\n  ## inside\n\n## after',
    '#hash\n\n##no heading\n\n### deeper\n\n# title\n\n## A ##\n',
    'Setext\n---\n\nother\n===\n',
    '```\n## in code\n```\n\n## A',
    '> quote\n## A\n1. one\n   ## in item\n',
    'a\u2028## b\n\n## A\n',
    '$$\n## x\n$$\n\n[^1]: note\n## A\n\n[a]: http://b.c\n## 中文？\n',
    '##\n\ntext\n\n## \n\nmore',
  ];
  for (const body of [...shipped, ...odd]) expect(parseBody(body).sections, body.slice(0, 80)).toEqual(parsed(body));
});

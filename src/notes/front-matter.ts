import { load } from 'js-yaml';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { MAX_CONTENT_ID } from '../core/ids.ts';

const id = z
  .string()
  .max(MAX_CONTENT_ID, `ids have at most ${MAX_CONTENT_ID} characters`)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'ids are lower-case words joined by hyphens');
const line = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/, error: 'links start with http:// or https://' });

/** True for an address a source may have. */
export function isWebAddress(text: string): boolean {
  return url.safeParse(text).success;
}

const source = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'source ids are lower-case letters, digits and hyphens'),
  title: line.optional(),
  author: line.optional(),
  year: z.number().int().optional(),
  url: url.optional(),
  supports: line.optional(),
});

const claim = z.strictObject({
  id,
  text: line,
  demo: id.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  measure: line.optional(),
  formula: z.union([line, z.number().transform(String)]).optional(),
  predicted: z.number().optional(),
  tolerance: z.number().nonnegative().optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
});

/** Front matter of one language's file; which fields stand where is docs/authoring.md. */
export const frontMatter = z.strictObject({
  title: line,
  area: id.optional(),
  aliases: z.array(z.coerce.string()).default([]),
  /** Older notes have it; answers.yaml took its place. */
  questions: z.array(line).optional(),
  related: z.array(id).default([]),
  /** Topics to read first. */
  needs: z.array(id).default([]),
  reviewed: z.union([line, z.date().transform((date) => date.toISOString().slice(0, 10))]).optional(),
  sources: z.array(source).default([]),
  claims: z.array(claim).default([]),
});

export type FrontMatter = z.output<typeof frontMatter>;

export interface Located {
  line: number;
  message: string;
}

export interface YamlFile {
  problems: Located[];
  /** The parsed value; undefined when the YAML itself is malformed. */
  value: unknown;
  /** Line of the node at `path`, or of the nearest one above it. */
  lineAt(path: PropertyKey[]): number;
  /** Checks the value at `path` against a schema; problems carry the line in the file. */
  check<S extends z.ZodType>(schema: S, path?: (string | number)[]): { value?: z.output<S>; problems: Located[] };
}

/** Reads YAML that is in order and has no anchors, several times faster than with places; undefined for any other. */
function readPlain(source: string): { value: unknown } | undefined {
  if (/(?:^|[\s[{,:-])[&*][\w-]/m.test(source)) return undefined;
  try {
    return { value: load(source) ?? null };
  } catch {
    return undefined;
  }
}

/** The same with the place of every node. */
function locate(source: string, firstLine: number) {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter });
  const lineOf = (offset: number) => firstLine + lineCounter.linePos(offset).line - 1;
  const problems = document.errors.map((error) => ({
    line: lineOf(error.pos[0]),
    message: error.message.split('\n')[0]!,
  }));
  // Aliases could unfold a small file into gigabytes.
  const value: unknown = problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 10 });
  return { document, lineOf, problems, value };
}

/**
 * Parses YAML once; parts of it can then be checked one by one.
 * @param firstLine line of the file at which `source` begins
 */
export function openYaml(source: string, firstLine = 1): YamlFile {
  const plain = readPlain(source);
  const located = plain ? undefined : locate(source, firstLine);
  const problems = located?.problems ?? [];
  const value = plain ? plain.value : located?.value;
  // Places are needed only where something is wrong, and finding them is most of the work.
  let found = located;
  const lineAt = (path: PropertyKey[]): number => {
    found ??= locate(source, firstLine);
    const { document, lineOf } = found;
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return lineOf(node.range[0]);
    }
    return firstLine;
  };
  return {
    problems,
    value,
    lineAt,
    check(schema, path = []) {
      if (problems.length > 0) return { problems: [] };
      const part = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
      const parsed = schema.safeParse(part);
      if (parsed.success) return { value: parsed.data, problems: [] };
      return {
        problems: parsed.error.issues.map((issue) => ({
          line: lineAt([...path, ...issue.path]),
          message: `${[...path, ...issue.path].map(String).join('.') || 'file'}: ${issue.message}`,
        })),
      };
    },
  };
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const SHARED = join(import.meta.dirname, '../../../../shared/specs');
const FILE = join(SHARED, 'discord-openapi.json');
export const RECORDED = join(SHARED, 'recorded/discord.json');

/** Discord's own description of its HTTP API is beside the project on some machines only. */
export const hasSpec = existsSync(FILE);
export const hasRecording = existsSync(RECORDED);
export const SPEC_MISSING =
  'Discord’s OpenAPI file (../shared/specs/discord-openapi.json) is not here: requests are checked by our own rules only.';

interface Operation {
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

export interface Spec {
  /** The path as the description writes it (`/channels/{channel_id}/messages`), or undefined for one that it lacks. */
  template(method: string, path: string): string | undefined;
  /** What is wrong with a body, in words. */
  request(method: string, template: string, body: unknown): string[];
  response(method: string, template: string, status: number, body: unknown): string[];
}

let loaded: Spec | undefined;

/** The description as a validator, read once. */
export function loadSpec(): Spec | undefined {
  if (!hasSpec) return undefined;
  loaded ??= build();
  return loaded;
}

function build(): Spec {
  const document = JSON.parse(readFileSync(FILE, 'utf8')) as { paths: Record<string, Record<string, Operation>> };
  const ajv = new Ajv2020({ strict: false, allErrors: false, logger: false });
  formats.default(ajv);
  ajv.addSchema(document, 'discord');
  const compiled = new Map<string, ValidateFunction>();
  const check = (pointer: string, value: unknown): string[] => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `discord#${pointer}` });
    compiled.set(pointer, validate);
    if (validate(value)) return [];
    // Of the branches of a union the deepest complaint says most.
    const [worst] = [...(validate.errors ?? [])].sort((a, b) => b.instancePath.length - a.instancePath.length);
    return [`${worst?.instancePath || '/'} ${worst?.message ?? 'does not fit'}`];
  };
  const at = (...parts: string[]) =>
    parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    // Literal segments win over places: `@original` is not a message id.
    places: template.split('{').length,
    pattern: new RegExp(`^${template.replace(/[.*+?^$()|[\]\\@]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));
  templates.sort((a, b) => a.places - b.places);
  const spec: Spec = {
    template: (method, path) =>
      templates.find(({ template, pattern }) => pattern.test(path) && document.paths[template]![method.toLowerCase()])?.template,
    request(method, template, body) {
      const operation = document.paths[template]![method.toLowerCase()]!;
      if (!operation.requestBody) return body === undefined ? [] : ['/ has a body, and takes none'];
      if (body === undefined) return ['/ has no body'];
      return check(at('paths', template, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema'), body);
    },
    response(method, template, status, body) {
      const { responses } = document.paths[template]![method.toLowerCase()]!;
      if (status >= 400) return typeof (body as { message?: unknown })?.message === 'string' ? [] : ['/ is no error of theirs'];
      const response = responses[String(status)];
      if (!response) return [`/ has no answer ${status}`];
      if (!response.content) return body === undefined ? [] : ['/ has a body, and should have none'];
      return check(at('paths', template, method.toLowerCase(), 'responses', String(status), 'content', 'application/json', 'schema'), body);
    },
  };
  // Compiling takes a second; it is done before a bot waits for an answer.
  for (const [method, template, body] of WARM) spec.request(method, template, body);
  for (const [method, template] of WARM) spec.response(method, template, 200, []);
  return spec;
}

const MESSAGE = { components: [{ type: 17, components: [{ type: 10, content: 'x' }] }], flags: 32768 };
const WARM = [
  ['PUT', '/applications/{application_id}/commands', []],
  ['POST', '/interactions/{interaction_id}/{interaction_token}/callback', { type: 5 }],
  ['POST', '/webhooks/{webhook_id}/{webhook_token}', MESSAGE],
  ['PATCH', '/webhooks/{webhook_id}/{webhook_token}/messages/@original', MESSAGE],
  ['POST', '/channels/{channel_id}/messages', MESSAGE],
  ['PATCH', '/channels/{channel_id}/messages/{message_id}', MESSAGE],
] as const;

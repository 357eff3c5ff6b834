import { createRegistry, defineCommand } from '../../src/core/command.ts';
import { say } from '../../src/core/reply.ts';

/** A small registry with every kind of option, for tests of the core. */
export const sampleRegistry = createRegistry([
  defineCommand({
    name: 'explain',
    description: { en: 'Explain', zh: '讲解' },
    visibility: 'public',
    examples: ['/explain batchnorm'],
    options: {
      topic: { type: 'string', rest: true, positional: true, required: true, description: { en: 'topic' } },
      lang: { type: 'choice', choices: ['en', 'zh'], description: { en: 'language' } },
    },
    run: (_ctx, { topic }) => say([{ type: 'markdown', text: topic }]),
  }),
  defineCommand({
    name: 'demo',
    description: { en: 'Run', zh: '运行' },
    visibility: 'public',
    examples: ['/demo gradient-norms depth:20'],
    options: {
      name: { type: 'string', positional: true, required: true, description: { en: 'demo' } },
      parameters: { type: 'pairs', description: { en: 'parameters' } },
      seed: { type: 'integer', min: 0, max: 100, description: { en: 'seed' } },
      predict: { type: 'boolean', description: { en: 'vote first' } },
    },
    run: (_ctx, { name, parameters, seed }) =>
      say([{ type: 'markdown', text: name }], { kind: 'info', name, parameters, seed: seed ?? null }),
  }),
  defineCommand({
    name: 'quiz',
    description: { en: 'Quiz', zh: '测验' },
    visibility: 'public',
    examples: ['/quiz start topic:batch-size'],
    options: {
      do: {
        type: 'choice',
        choices: ['start', 'stop'],
        subcommand: true,
        positional: true,
        required: true,
        description: { en: 'what' },
      },
      topic: { type: 'string', description: { en: 'topic' } },
    },
    run: (_ctx, options) => say([{ type: 'markdown', text: options.do }]),
  }),
]);

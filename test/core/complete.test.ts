import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeLine, completeOption } from '../../src/core/complete.ts';
import { validateOptions } from '../../src/core/options.ts';
import { parseOptions } from '../../src/core/parse.ts';
import { demos } from '../../src/experiments/index.ts';
import { type Program, startProgram } from '../helpers/playground.ts';

let program: Program;
beforeAll(async () => {
  program = await startProgram({ folder: mkdtempSync(join(tmpdir(), 'complete-')), env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => program.close());

describe('parameters of an experiment', () => {
  const demo = () => program.services.registry.get('demo')!;
  const field = async (typed: string, name = 'gradient-norms', locale: 'en' | 'zh' = 'en') =>
    (await completeOption(program.services, demo(), 'parameters', typed, locale, { name })).map(({ value }) => value);

  it('that are given are not offered again, in a field or in a line', async () => {
    const offered = await field('depth:20 ');
    expect(offered).toContain('depth:20 width:64');
    expect(offered.filter((value) => /depth:.*depth:/.test(value))).toEqual([]);
    const lines = await completeLine(program.services, '/demo gradient-norms depth:20 seed:7 ', 'en');
    expect(lines.map(({ value }) => value)).toContain('/demo gradient-norms depth:20 seed:7 width:64');
    expect(lines.filter(({ value }) => /depth:.*depth:|seed:.*seed:/.test(value))).toEqual([]);
  });

  it.each(['深', '深度', 'dep', '层数'])('are found by “%s”', async (typed) => {
    expect(await field(typed, 'gradient-norms', 'zh')).toContain('depth:10');
    const lines = await completeLine(program.services, `/demo gradient-norms ${typed}`, 'zh');
    expect(lines.map(({ value }) => value)).toContain('/demo gradient-norms depth:10');
  });

  it('may be given under their Chinese names', async () => {
    const options = validateOptions(demo(), parseOptions(demo(), 'gradient-norms 深度：1 种子:3'));
    expect(options.parameters).toEqual({ 深度: '1', 种子: '3' });
    const reply = await program.dispatch({
      ...{ id: 'zh', platform: 'web', space: 'local', room: 'r', user: { id: 'a', name: 'Ann' }, receivedAt: 0 },
      command: 'demo',
      options: parseOptions(demo(), 'gradient-norms 深度：1'),
    });
    // 1 is below the least depth: what is said is about the parameter, so its name was understood.
    expect(reply.result).toMatchObject({ kind: 'error', code: 'parameter-out-of-range' });
  });

  it('give nothing back that turns the direction of what follows', async () => {
    const offered = [...(await field('\u202Edepth:20\u2067 wid')), ...(await field('\u200Finit:\u202El'))];
    const lines = await completeLine(program.services, '/demo gradient-norms \u202Edepth:20 wid', 'en');
    expect([...offered, ...lines.map(({ value }) => value)]).toEqual([
      'depth:20 width:64',
      'init:lecun',
      '/demo gradient-norms depth:20 width:64',
    ]);
  });

  it('complete their values, and what is offered is always a value that may be given', async () => {
    expect(await field('init:l')).toEqual(['init:lecun']);
    expect(await field('activations:tanh,re')).toEqual(['activations:tanh,relu', 'activations:tanh,relu-bn']);
    for (const { name, params } of demos) {
      for (const key of Object.keys(params)) {
        const [offered] = await field(`${key}:`, name);
        const given = validateOptions(demo(), { name, parameters: offered! }).parameters as Record<string, string>;
        expect(() => program.services.demos.resolve(name, given), `${name} ${offered}`).not.toThrow();
      }
    }
  });
});

it('a field of pairs takes the options that a run prints beside the parameters; a field of their own goes before', () => {
  const command = program.services.registry.get('demo')!;
  expect(validateOptions(command, { name: 'gradient-norms', parameters: 'depth:20 seed:7' })).toMatchObject({
    seed: 7,
    parameters: { depth: '20' },
  });
  expect(validateOptions(command, { name: 'gradient-norms', parameters: 'depth:20 seed:7', seed: 3 })).toMatchObject({ seed: 3 });
});

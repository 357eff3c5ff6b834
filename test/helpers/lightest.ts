import type { Demo } from '../../src/demos/demo.ts';

/** Every parameter at its smallest: the quickest run of an experiment. */
export function lightest({ params }: Demo): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      'min' in param ? String(param.min) : 'choices' in param ? param.choices[0]! : String(param.default),
    ]),
  );
}

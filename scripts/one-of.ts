import { ConfigError } from '../src/config.ts';

/** @throws ConfigError when a flag holds something else than one of the choices. */
export function oneOf<Choice extends string>(flag: string, value: string | undefined, choices: readonly Choice[]): Choice | undefined {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new ConfigError(`--${flag} ${value.slice(0, 40)} is not possible. Choose one of: ${choices.join(', ')}.`);
  return found;
}

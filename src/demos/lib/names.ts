import { type Locale, localize } from '../../core/locale.ts';
import type { Demo } from '../demo.ts';

/** A measure or a series as people read it: `weight-factor:relu/he` → `‖∂L/∂W‖ per layer ReLU, Var W = 2/n (He)`. */
export function nameOf({ names }: Pick<Demo, 'names'>, key: string, locale: Locale): string {
  const parts = key.split(':').map((part) => (names && Object.hasOwn(names, part) ? localize(names[part]!, locale) : part));
  const [first, ...rest] = parts;
  return rest.length === 0 ? first! : `${first}${/[\d.]$/.test(key) ? ' = ' : ': '}${rest.join(': ')}`;
}

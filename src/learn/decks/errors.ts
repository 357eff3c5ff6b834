import type { Localized } from '../../core/locale.ts';

/** A deck cannot be read at all; the message is the English text, and says what to do. */
export class DeckError extends Error {
  override name = 'DeckError';
  readonly text: Localized;

  constructor(text: Localized, options?: ErrorOptions) {
    super(text.en, options);
    this.text = text;
  }
}

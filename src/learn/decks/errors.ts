/** A deck cannot be read at all; the message is for the host and says what to do. */
export class DeckError extends Error {
  override name = 'DeckError';
}

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });

/**
 * Splits a text into pieces of at most `limit` units, each ending where a sentence ends. Only a sentence that is
 * longer than the limit is itself divided, between words where it has any.
 */
export function splitText(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of sentences.segment(text)) {
    if (piece !== '' && piece.length + segment.trimEnd().length > limit) {
      pieces.push(piece.trimEnd());
      piece = '';
    }
    piece += segment;
    while (piece.trimEnd().length > limit) {
      const cut = cutPoint(piece, limit);
      pieces.push(piece.slice(0, cut).trimEnd());
      piece = piece.slice(cut).trimStart();
    }
  }
  return piece.trim() === '' ? pieces : [...pieces, piece.trimEnd()];
}

/** The whole sentences that fit into `limit`, for places that hold one text only, such as alt texts. */
export function firstSentences(text: string, limit: number): string {
  return text.length <= limit ? text : (splitText(text, limit)[0] ?? '');
}

/** A label cut to `limit`, with a sign that something is missing. */
export function shorten(label: string, limit: number): string {
  return label.length <= limit ? label : `${label.slice(0, whole(label, limit - 1)).trimEnd()}…`;
}

function cutPoint(text: string, limit: number): number {
  const space = text.lastIndexOf(' ', limit);
  return space > limit / 2 ? space : whole(text, limit);
}

/** Not between the halves of a character outside the basic plane. */
function whole(text: string, at: number): number {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? '') ? at - 1 : at;
}

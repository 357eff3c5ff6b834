/** Joiners are part of spelling in these scripts; elsewhere nobody sees them. */
const JOINED =
  /[\p{sc=Arabic}\p{sc=Syriac}\p{sc=Mongolian}\p{sc=Deva}\p{sc=Beng}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Gujr}\p{sc=Guru}\p{sc=Orya}\p{sc=Khmr}\p{sc=Mymr}]/u;
/** Control, direction and other invisible characters, fillers that look like nothing, halves of a pair. Not: line breaks, tabs. */
const UNSEEN =
  /(?![\n\t])(?:\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Zl}|\p{Zp}|\u034F|[\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]|[\u180B-\u180F]|[\uFFF0-\uFFFD])/gu;

/**
 * What a stranger typed, as it may stand in our words: nothing in it turns the direction of what follows, hides, or
 * speaks to a terminal. The joiners of emoji and of scripts that are spelt with them stay.
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char, at: number) => {
    if (char !== '\u200C' && char !== '\u200D') return '';
    const [before, after] = [text.slice(0, at), text.slice(at + 1)];
    if (
      char === '\u200D' &&
      /\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?$/u.test(before.slice(-4)) &&
      /^\p{Extended_Pictographic}/u.test(after.slice(0, 2))
    )
      return char;
    return JOINED.test(before.slice(-1)) && JOINED.test(after.slice(0, 1)) ? char : '';
  });
}

/**
 * Okabe & Ito's palette (distinct under every common colour blindness), with yellow and orange darkened until text
 * in them is readable on the light card. The card is opaque, so that it looks the same on a dark and a light theme.
 */
export const PALETTE = ['#0072B2', '#BF5000', '#00805E', '#A8457F', '#9A6400', '#1F6FA5', '#444444', '#7A5195'] as const;

/** Raised when the same description gives another picture; drawn charts are remembered by it. */
export const LOOK = 5;

export const THEME = {
  background: '#FCFCFA',
  text: '#1F2328',
  muted: '#57606A',
  grid: '#E4E4DF',
  reference: '#8A8A85',
  /** A font list for canvas: Latin first, since the Chinese font lacks raised digits and has full-width quotes. */
  font: '"Noto Sans", "Noto Sans SC"',
  /** As small as the text allows: chats show a chart at the width of a phone. */
  width: 680,
  height: 430,
  /** Pixels per unit: sharp on phones. */
  ratio: 2,
} as const;

/** The colour of the i-th series; beyond the palette it starts again. */
export function color(index: number): string {
  return PALETTE[index % PALETTE.length]!;
}

/** A colour with an opacity, 0–1. */
export function faded(hex: string, opacity: number): string {
  return `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

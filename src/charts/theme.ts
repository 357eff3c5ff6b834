/** The colours of a chart; the PNG is always light, the page has both. */
export interface Theme {
  background: string;
  text: string;
  muted: string;
  grid: string;
  /** Reference lines, the axes, level lines. */
  reference: string;
  /**
   * Series. After Okabe & Ito (distinct under every common colour blindness), lightened or darkened until a name
   * written in a colour is readable on the background. The seventh is for theory: it is next to no colour.
   */
  palette: readonly string[];
  /** From low to high: away from the background, in one hue, so that order survives colour blindness and greyscale. */
  ramp: readonly string[];
  /** Text in the lower and in the upper half of the ramp. */
  onRamp: readonly [low: string, high: string];
  /** A cell without a value. */
  nothing: string;
}

export const LIGHT: Theme = {
  background: '#FCFCFA',
  text: '#1F2328',
  muted: '#57606A',
  grid: '#E4E4DF',
  reference: '#8A8A85',
  palette: ['#0072B2', '#BF5000', '#00805E', '#A8457F', '#8F6400', '#5B55C9', '#444444', '#A33A3A'],
  ramp: ['#EAF2F8', '#B9D6EA', '#7FB2D6', '#2F74AB', '#0B5A94', '#063A63'],
  onRamp: ['#1F2328', '#FFFFFF'],
  nothing: '#D9D4CC',
};

export const DARK: Theme = {
  background: '#1D2126',
  text: '#E6E8EB',
  muted: '#A9B1BA',
  grid: '#323941',
  reference: '#87919B',
  palette: ['#5DB5F0', '#F2955C', '#3FC79C', '#E68FC4', '#D8B344', '#AAA4F5', '#D0D4D8', '#F08A8A'],
  ramp: ['#22303C', '#1F4B6B', '#2A6E9C', '#4F97C6', '#8CC2E6', '#D3EAF9'],
  onRamp: ['#FFFFFF', '#10161B'],
  nothing: '#4B4742',
};

/** Raised when the same description gives another picture; drawn charts are remembered by it. */
export const LOOK = 7;

/** The measures of the PNG: as small as the text allows, since chats show a chart at the width of a phone. */
export const PNG = {
  /** A font list for canvas: Latin first, since the Chinese font lacks raised digits and has full-width quotes. */
  font: '"Noto Sans", "Noto Sans SC"',
  width: 680,
  height: 430,
  /** Pixels per unit: sharp on phones. */
  ratio: 2,
} as const;

/** The colour of the i-th series; beyond the palette it starts again. */
export function color({ palette }: Theme, index: number): string {
  return palette[index % palette.length]!;
}

/** A colour with an opacity, 0–1. */
export function faded(hex: string, opacity: number): string {
  return `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

/** Contrast of two colours as WCAG 2 defines it, 1–21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = hex.match(/[0-9A-F]{2}/gi)!.map((part) => {
    const share = Number.parseInt(part, 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

import { encode } from 'uqr';
import { t } from '../lib/session.ts';

/** Modules of white around it, without which cameras do not find it. */
const BORDER = 4;

/** A QR code as one path: dark on white in every theme, since some cameras read it no other way. */
export function Qr({ text }: { text: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('quiz.qr', { url: text })} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

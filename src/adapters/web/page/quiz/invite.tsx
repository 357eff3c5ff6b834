// The way into a quiz for those who are not in its room yet.
import { room, t } from '../lib/session.ts';
import type { Board } from './boards.ts';
import { isOnlyHere, joinAddress, joinUrl, knownOf, presentPath } from './code.ts';
import { Qr } from './qr.tsx';
import { SoundButton } from './sound.tsx';

/** While players are waited for: code, QR code and the view for the projector; later a line, for those who come late. */
export function Invite({ board: { quiz } }: { board: Board }) {
  const waits = quiz.state === 'lobby';
  const known = quiz.state === 'ended' ? undefined : knownOf(room(), quiz.id);
  if (!known) return null;
  const { code, leads } = known;
  return (
    <section class={waits ? 'invite' : 'invite late'} aria-label={t('quiz.invite')}>
      {waits && <Qr text={joinUrl(code, known)} />}
      <div>
        <p>{t('quiz.join-at', { address: joinAddress(known) })}</p>
        <p class="code" translate={false}>
          <Code code={code} />
        </p>
        <div class="actions">
          {leads && (
            <a class="button" href={presentPath(code)} target="_blank" rel="noopener">
              {t('quiz.projector')}
            </a>
          )}
          {waits && <SoundButton />}
        </div>
      </div>
      {leads && waits && isOnlyHere(known) && <p class="note warning">{t('quiz.only-here')}</p>}
    </section>
  );
}

/** In two halves, as one reads a number out; copied without the gap. */
export function Code({ code }: { code: string }) {
  return (
    <>
      <span>{code.slice(0, 3)}</span>
      <span>{code.slice(3)}</span>
    </>
  );
}

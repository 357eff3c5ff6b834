import { actionId } from '../../core/ids.ts';
import { type Block, type Reply, say } from '../../core/reply.ts';
import { deadlineOf } from '../live.ts';
import { type BoardContext, controlButton, namesOf, result, when } from './context.ts';

/** Who plays and by which rules; once the quiz runs, only the way in remains. */
export function lobbyBoard(ctx: BoardContext): Reply {
  const { live, t } = ctx;
  const { settings, phase } = live.state;
  const open = phase === 'lobby';
  const deadline = deadlineOf(live);
  const join = { id: actionId('quiz', 'join', live.stored.id), label: t('quiz.join'), style: 'primary' } as const;
  const rules = [t(`quiz.lobby-${settings.mode}`, { total: settings.total, seconds: settings.seconds })];
  if (settings.lock) rules.push(t('quiz.lobby-lock'));
  else if (settings.mode !== 'exam') rules.push(t('quiz.lobby-change'));
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.lobby-title', { topic: settings.topic ? ctx.titleOf(settings.topic) : t('quiz.all-topics') }) },
    { type: 'markdown', text: rules.join(' ') },
    ...playerBlocks(ctx),
    ...when(open && deadline !== null, () => ({ type: 'deadline', text: t('quiz.starts-at'), at: deadline! })),
    ...when(open, () => ({ type: 'buttons', items: [join, controlButton(ctx, 'begin'), controlButton(ctx, 'stop', 'danger')] })),
    ...when(!open && phase !== 'ended', () => ({ type: 'buttons', items: [join] })),
  ];
  return say(blocks, { ...result(live), players: live.state.players.size, deadline });
}

function playerBlocks(ctx: BoardContext): Block[] {
  const { t } = ctx;
  const { players, settings } = ctx.live.state;
  if (players.size === 0) return [{ type: 'note', text: t('quiz.no-players') }];
  if (settings.teams === 0) return [{ type: 'note', text: t('quiz.players', { names: namesOf(ctx, [...players.keys()]) }) }];
  const items = Array.from({ length: settings.teams }, (_, team) => {
    const members = [...players.values()].filter((player) => player.team === team).map(({ id }) => id);
    return { name: t('quiz.team', { number: team + 1 }), value: members.length === 0 ? '—' : namesOf(ctx, members) };
  });
  return [{ type: 'fields', items }];
}

import { actionId } from '../../core/ids.ts';
import { type Block, type Reply, say } from '../../core/reply.ts';
import type { Standing } from '../../core/result.ts';
import type { QuizState } from '../state.ts';
import { type BoardContext, NAMED, namesOf, result, when } from './context.ts';

const MEDALS = ['🥇', '🥈', '🥉'];

/** The three best (nobody is shown last), the teams, and what to play next. */
export function podiumBoard(ctx: BoardContext): Reply {
  const { live, t } = ctx;
  const { asked, ending } = live.state;
  const { id } = live.stored;
  const rows = standings(ctx);
  const top = rows.filter(({ rank, score }) => rank <= MEDALS.length && score > 0);
  const rest = rows.length - top.length;
  const blocks: Block[] = [
    { type: 'heading', text: t('quiz.podium-title') },
    ...when(rows.length === 0 || asked.length === 0, () => ({ type: 'note', text: t('quiz.nobody-played') })),
    ...when(rows.length > 0 && asked.length > 0 && top.length === 0, () => ({ type: 'note', text: t('quiz.nobody-scored') })),
    ...when(top.length > 0, () => ({
      type: 'fields',
      items: [...Map.groupBy(top, ({ rank }) => rank).values()].map((tied) => step(ctx, tied)),
    })),
    ...when(top.length > 0 && rest > 0, () => ({ type: 'note', text: t('quiz.also-played', { count: rest }) })),
    ...teamBlocks(ctx),
    ...when(ending === 'idle' || ending === 'forgotten', () => ({ type: 'note', text: t(`quiz.ended-${ending}`) })),
    {
      type: 'buttons',
      items: [
        ...(asked.some(({ credit }) => credit < 1) ? [{ id: actionId('quiz', 'rematch', id), label: t('quiz.rematch') }] : []),
        { id: actionId('quiz', 'again', id), label: t('quiz.again') },
        ...(asked.length > 0 ? [{ id: actionId('quiz', 'mine', id), label: t('quiz.mine') }] : []),
      ],
    },
  ];
  return say(blocks, { ...result(live), standings: rows, asked: asked.length });
}

/** One medal for all who share a rank; their names as far as a line holds them. */
function step(ctx: BoardContext, tied: readonly Standing[]): { name: string; value: string } {
  const [first] = tied;
  const { rank, score, correct } = first!;
  const asked = ctx.live.state.asked.length;
  const named = tied.map(({ user }) => user.name);
  const shown = named.slice(0, NAMED);
  const names = shown.join(ctx.t('quiz.comma'));
  const all = named.length > shown.length ? ctx.t('quiz.and-more', { names, count: named.length - shown.length }) : names;
  const alike = tied.every((one) => one.correct === correct);
  const value = alike ? ctx.t('quiz.podium-row', { score, correct, asked }) : ctx.t('quiz.podium-score', { score });
  return { name: `${MEDALS[rank - 1]} ${all}`, value: tied.length > 1 ? ctx.t('quiz.podium-each', { value }) : value };
}

function teamBlocks(ctx: BoardContext): Block[] {
  const { live, t } = ctx;
  const { settings, players, asked } = live.state;
  if (settings.teams === 0 || asked.length === 0) return [];
  const teams = Array.from({ length: settings.teams }, (_, number) => {
    const members = [...players.values()].filter(({ team }) => team === number);
    return { number, members, mean: teamScore(live.state, number) };
  });
  const items = teams
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => b.mean - a.mean)
    .map(({ number, members, mean }) => ({
      name: t('quiz.team', { number: number + 1 }),
      value: t('quiz.team-row', {
        mean: Math.round(mean),
        names: namesOf(
          ctx,
          members.map(({ id }) => id),
        ),
      }),
    }));
  return items.length > 0 ? [{ type: 'fields', items }] : [];
}

/** A team's score is the mean of its members', so that a larger team has no advantage. */
export function teamScore({ players }: QuizState, number: number): number {
  const scores = [...players.values()].filter(({ team }) => team === number).map(({ score }) => score);
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Players by score; ties share a rank (1, 1, 3). Who does not want to be named keeps the rank without the name. */
export function standings({ live, hidden, t }: BoardContext): Standing[] {
  const players = [...live.state.players.values()].sort((a, b) => b.score - a.score || a.name.localeCompare(b.name));
  return players.map(({ id, name, score, correct, answered }) => ({
    rank: 1 + players.findIndex((other) => other.score === score),
    user: hidden.has(id) ? { id: '', name: t('quiz.someone') } : { id, name },
    score,
    correct,
    answered,
  }));
}

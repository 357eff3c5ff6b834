// Places what needs each other in layers. Loaded only where a map is shown.
import { Graph, layout } from '@dagrejs/dagre';

export interface Box {
  id: string;
  width: number;
  height: number;
}

export interface Placed {
  width: number;
  height: number;
  /** By id: left upper corner. */
  at: Map<string, { left: number; top: number }>;
  /** Each arrow's way, as the `d` of a path. */
  ways: { from: string; to: string; d: string }[];
}

type Arrows = readonly (readonly [from: string, to: string])[];

/** From left to right where that has room in `width`, else from top to bottom, unless that is wider still. */
export function place(boxes: readonly Box[], arrows: Arrows, width: number): Placed {
  const along = placeIn('LR', boxes, arrows);
  if (along.width <= width) return along;
  const down = placeIn('TB', boxes, arrows);
  return down.width < along.width ? down : along;
}

function placeIn(direction: 'LR' | 'TB', boxes: readonly Box[], arrows: Arrows): Placed {
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: direction, nodesep: 14, ranksep: 36, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [from, to] of arrows) graph.setEdge(from, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const at = new Map(
    boxes.map(({ id, width: w, height: h }) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { left: x - w / 2, top: y - h / 2 }] as const;
    }),
  );
  const ways = graph.edges().map((edge: { v: string; w: string }) => {
    const { points = [] } = graph.edge(edge) as { points?: { x: number; y: number }[] };
    return { from: edge.v, to: edge.w, d: curve(points, direction) };
  });
  return { width, height, at, ways };
}

/** Through all points, leaving and arriving in the direction of reading. */
function curve(points: readonly { x: number; y: number }[], direction: 'LR' | 'TB'): string {
  const [first, ...rest] = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  if (!first) return '';
  let { x, y } = first;
  const pieces = rest.map((to) => {
    const [mx, my] = [(x + to.x) / 2, (y + to.y) / 2];
    const piece = direction === 'LR' ? `C${mx} ${y} ${mx} ${to.y} ${to.x} ${to.y}` : `C${x} ${my} ${to.x} ${my} ${to.x} ${to.y}`;
    ({ x, y } = to);
    return piece;
  });
  return `M${first.x} ${first.y}${pieces.join('')}`;
}

import type { Arrow, Box, Drawing, State } from './drawing';
import { widthOf, wrap } from './text';

const TITLE = 14;
const SMALL = 12;
const LINE = 1.3;
const PADDING = 12;
/** Widest text, in units of its font size. */
const WIDEST_BOX = 16;
const WIDEST_LABEL = 15;

interface Point { readonly x: number; readonly y: number }

interface Size { readonly width: number; readonly height: number }

interface Text { readonly lines: readonly string[]; readonly size: number }

interface PlacedBox extends Point, Size { readonly box: Box; readonly texts: readonly Text[] }

interface PlacedArrow extends Point, Size { readonly arrow: Arrow; readonly text: Text; readonly points: readonly Point[] }

/** The picture as an SVG document. */
export function toSvg(drawing: Drawing, title: string): string {
  const { boxes, arrows, width, height } = place(drawing);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" viewBox="0 0 ${px(width)} ${px(height)}" role="img" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">`,
    `<title>${escaped(title)}</title>`,
    '<defs>',
    ...Object.entries(COLORS).map(([state, { line }]) =>
      `<marker id="arrow-${state}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="${line}"/></marker>`),
    '</defs>',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...arrows.map(arrowLine),
    ...arrows.map(arrowLabel),
    ...boxes.map(boxShape),
    '</svg>',
    '',
  ].join('\n');
}

const COLORS: { [state in State]: { line: string; width: number; text: string; fill: string } } = {
  plain: { line: '#57606a', width: 1.5, text: '#1f2328', fill: '#f6f8fa' },
  taken: { line: '#0969da', width: 3, text: '#1f2328', fill: '#ddf4ff' },
  failed: { line: '#cf222e', width: 3, text: '#1f2328', fill: '#ffebe9' },
  idle: { line: '#afb8c1', width: 1.5, text: '#6e7781', fill: '#f6f8fa' },
};

/** What is used of dagre, whose own types a CommonJS module cannot import. */
interface Dagre {
  readonly graphlib: { readonly Graph: new (options: { multigraph: boolean }) => LayoutGraph };
  layout(graph: LayoutGraph): void;
}

interface LayoutGraph {
  setGraph(options: { [option: string]: string | number }): void;
  setNode(id: string, size: Size): void;
  setEdge(from: string, to: string, label: Size & { readonly labelpos: string; readonly minlen: number }, name: string): void;
  graph(): Size;
  node(id: string): Point;
  edge(edge: { readonly v: string; readonly w: string; readonly name: string }): Point & { readonly points: readonly Point[] };
}

function place(drawing: Drawing): { boxes: PlacedBox[]; arrows: PlacedArrow[]; width: number; height: number } {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only by programs that draw
  const dagre = require('@dagrejs/dagre') as Dagre;
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 24, edgesep: 18, ranksep: 36, marginx: 16, marginy: 16 });
  const sized = drawing.boxes.map((box) => {
    const texts = [
      { lines: wrap(box.title, WIDEST_BOX), size: TITLE },
      ...box.subtitle === undefined ? [] : [{ lines: wrap(box.subtitle, WIDEST_BOX), size: SMALL }],
    ];
    const size = sizeOf(texts);
    return { box, texts, width: Math.max(size.width + 2 * PADDING + (box.kind === 'node' ? size.height / 2 : 0), 48), height: size.height + PADDING };
  });
  sized.forEach(({ box, width, height }) => graph.setNode(box.id, { width, height }));
  const labelled = drawing.arrows.map((arrow) => {
    const text = { lines: arrow.label === '' ? [] : wrap(arrow.label, WIDEST_LABEL), size: SMALL };
    const size = sizeOf([text]);
    return { arrow, text, width: size.width === 0 ? 0 : size.width + 10, height: size.height === 0 ? 0 : size.height + 4 };
  });
  labelled.forEach(({ arrow, width, height }, i) => graph.setEdge(arrow.from, arrow.to, { width, height, labelpos: 'c', minlen: 1 }, String(i)));

  dagre.layout(graph);

  const all = graph.graph();
  const upsideDown = isUpsideDown(drawing.arrows, (id) => graph.node(id).y);
  const upright = ({ x, y }: Point): Point => ({ x, y: upsideDown ? all.height - y : y });
  return {
    width: all.width,
    height: all.height,
    boxes: sized.map((one) => ({ ...one, ...upright(graph.node(one.box.id)) })),
    arrows: labelled.map((one, i) => {
      const edge = graph.edge({ v: one.arrow.from, w: one.arrow.to, name: String(i) });
      return { ...one, ...upright(edge), points: edge.points.map(upright) };
    }),
  };
}

/** Whether most steps stand above those before them; the layout does not mind. */
function isUpsideDown(arrows: readonly Arrow[], heightOf: (id: string) => number): boolean {
  let balance = 0;
  arrows.forEach((arrow, i) => {
    const next = arrows[i + 1];
    balance += next?.from === arrow.from ? Math.sign(heightOf(arrow.to) - heightOf(next.to)) : 0;
  });
  return balance > 0;
}

function sizeOf(texts: readonly Text[]): { width: number; height: number } {
  return {
    width: Math.max(0, ...texts.flatMap(({ lines, size }) => lines.map((line) => widthOf(line) * size))),
    height: texts.reduce((height, { lines, size }) => height + lines.length * size * LINE, 0),
  };
}

function boxShape({ box, texts, x, y, width, height }: PlacedBox): string {
  const { line, width: stroke, fill } = COLORS[box.state];
  const radius = box.kind === 'service' ? 4 : height / 2;
  const dash = box.kind === 'missing' ? ' stroke-dasharray="5 4"' : '';
  const background = box.kind === 'node' || box.kind === 'request' ? '#ffffff' : fill;
  return `<g><rect x="${px(x - width / 2)}" y="${px(y - height / 2)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}" fill="${background}" stroke="${line}" stroke-width="${stroke}"${dash}/>`
    + `${textAt(texts, x, y, COLORS[box.state].text)}</g>`;
}

function arrowLine({ arrow, points }: PlacedArrow): string {
  const { line, width } = COLORS[arrow.state];
  return `<path d="${curve(points)}" fill="none" stroke="${line}" stroke-width="${width}" marker-end="url(#arrow-${arrow.state})"/>`;
}

function arrowLabel({ arrow, text, x, y, width, height }: PlacedArrow): string {
  return text.lines.length === 0 ? '' : `<g class="label"><rect x="${px(x - width / 2)}" y="${px(y - height / 2)}" width="${px(width)}" height="${px(height)}" fill="#ffffff"/>`
    + `${textAt([text], x, y, COLORS[arrow.state].text)}</g>`;
}

/** Lines of text around a point. */
function textAt(texts: readonly Text[], x: number, y: number, color: string): string {
  let top = y - sizeOf(texts).height / 2;
  return texts.map(({ lines, size }) => lines.map((line) => {
    const baseline = top + size * (LINE + 0.7) / 2;
    top += size * LINE;
    return `<text x="${px(x)}" y="${px(baseline)}" font-size="${size}" text-anchor="middle" fill="${color}">${escaped(line)}</text>`;
  }).join('')).join('');
}

/** A smooth line: curves between the middles of its parts. */
function curve(points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${px(x)} ${px(y)}`;
  const middles = points.slice(1).map((point, i) => ({ x: (point.x + points[i].x) / 2, y: (point.y + points[i].y) / 2 }));
  const bends = points.slice(1, -1).map((point, i) => `Q${at(point)} ${at(middles[i + 1])}`);
  return `M${at(points[0])}L${at(middles[0])}${bends.join('')}L${at(points[points.length - 1])}`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- XML has no way to write them
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
    .replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

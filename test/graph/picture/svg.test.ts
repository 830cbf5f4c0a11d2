import { Condition, GraphNode, OnError, Step, StepInput } from '../../../src';
import { widthOf, wrap } from '../../../src/graph/picture/text';
import { graphOf, to } from '../support';

const PETS = GraphNode.sequence([
  to('classify'),
  Step.toNode(GraphNode.splitter([to('a', { weight: 90 }), to('b', { weight: 10 })]), { name: 'breed', when: Condition.equalTo('predictions.0', 'dog') }),
]);

function manyBranches(count: number): GraphNode {
  const fraud = (i: number) => GraphNode.ensemble(['x', 'y', 'z'].map((name) => to(`${name}-${i}`, { onError: OnError.CONTINUE })));
  return GraphNode.switchOn(Array.from({ length: count }, (_, i) => Step.toNode(
    i % 2 === 0 ? fraud(i) : GraphNode.sequence([to(`features-of-segment-${i}`), Step.toNode(fraud(i), { name: `fraud-${i}`, input: StepInput.PREVIOUS })]),
    { name: `segment-${i}`, when: Condition.equalTo('customer.segment', `a rather long name of segment ${i}`) },
  )));
}

interface Box { x: number; y: number; width: number; height: number }

/** The rectangles behind boxes and labels. */
function rectangles(svg: string): Box[] {
  return [...svg.matchAll(/<g[^>]*><rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)"/g)]
    .map((match) => match.slice(1).map(Number)).map(([x, y, width, height]) => ({ x, y, width, height }));
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width - 0.2 && b.x < a.x + a.width - 0.2 && a.y < b.y + b.height - 0.2 && b.y < a.y + a.height - 0.2;
}

test.each([
  ['3', PETS, 5], ['60', manyBranches(18), 60],
])('boxes and labels of a graph of about %s boxes do not overlap', (_, root, least) => {
  const boxes = rectangles(graphOf({ root }).graph.toSvg());

  expect(boxes.length).toBeGreaterThan(least);
  expect(boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => overlaps(a, b)))).toEqual([]);
});

test('every text fits its rectangle', () => {
  const svg = graphOf({ root: manyBranches(6) }).graph.toSvg();
  const groups = [...svg.matchAll(/<g[^>]*><rect [^>]*?\swidth="([\d.]+)"[^>]*>(.*?)<\/g>/g)];

  const tooWide = groups.flatMap(([, width, texts]) => [...texts.matchAll(/font-size="(\d+)"[^>]*>([^<]*)</g)]
    .filter(([, size, text]) => widthOf(text.replace(/&#34;/g, '"')) * Number(size) > Number(width)).map(([, , text]) => text));

  expect(groups.length).toBeGreaterThan(20);
  expect(tooWide).toEqual([]);
});

test('steps stand in their order, the first on top', () => {
  const svg = graphOf({ root: GraphNode.sequence([to('one'), to('two'), to('three'), to('four')]) }).graph.toSvg();
  const height = (text: string) => Number(new RegExp(`y="([\\d.]+)" font-size="14"[^>]*>${text}<`).exec(svg)![1]);

  const heights = ['one', 'two', 'three', 'four'].map(height);

  expect(heights).toEqual([...heights].sort((a, b) => a - b));
});

test('the way of a request is marked', () => {
  const { graph } = graphOf({ root: PETS });
  const simulation = graph.simulate({ json: {} }, { responses: { classify: { json: { predictions: ['dog'] } }, a: { status: 500 }, b: {} } });

  const svg = graph.toSvg({ simulation });

  expect(svg.match(/#arrow-taken\)/g)).toHaveLength(2); // to root and to classify
  expect(svg.match(/#arrow-failed\)/g)).toHaveLength(2); // to the splitter and to a
  expect(svg.match(/#arrow-idle\)/g)).toHaveLength(1);
});

test('names are escaped', () => {
  const svg = graphOf({ root: GraphNode.sequence([to('a', { name: '<b> & "c"' })]) }).graph.toSvg();

  expect(svg).toContain('&#60;b&#62; &#38; &#34;c&#34;');
});

test('text is wrapped to a width, long words too', () => {
  expect(wrap('one two three', 4.5)).toEqual(['one two', 'three']);
  expect(wrap('a\nb', 10)).toEqual(['a', 'b']);
  expect(wrap('x'.repeat(40), 10).every((line) => widthOf(line) <= 10)).toBe(true);
});

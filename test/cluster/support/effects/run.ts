import { KubeObject } from '../../bench/client';
import { explain } from '../../bench/explain';
import { ClusterHandle } from '../../bench/handle';
import { until } from '../../bench/wait';
import { forEachOf } from '../parallel';
import { build, BuiltProgram, merged } from './build';
import { changesBetween, childrenIn } from './children';
import { EffectProgram, Fields, Shape } from './program';

/** What became of one prop. */
export interface Row {
  readonly prop: string;
  /** Codes of the errors with which the library refuses the program. */
  readonly refused?: readonly string[];
  /** Codes of its warnings, without those on every such program. */
  readonly warnings?: readonly string[];
  /** Fields of child objects that show the prop. */
  readonly changes: readonly string[];
  /** All that the service does not have in common with one without the props. */
  readonly others: readonly string[];
}

/** Programs that share a service. */
interface Bundle {
  readonly shape: Shape;
  readonly props: EffectProgram['props'];
  readonly programs: readonly EffectProgram[];
  readonly pending: boolean;
}

/** How a program's row is called. */
export function rowName({ as }: Pick<EffectProgram, 'as'>, prop: string): string {
  return as === undefined ? prop : `${prop} (${as})`;
}

/** Runs all programs that the library lets through, beside one of each shape that sets nothing, and compares the child objects. */
export async function observeAll(cluster: ClusterHandle, namespace: string, programs: readonly EffectProgram[]): Promise<Row[]> {
  const isPending = ({ unready, unreadyIn }: EffectProgram) => unready !== undefined && (unreadyIn ?? cluster.mode) === cluster.mode;
  const judge = (shape: Shape, props: EffectProgram['props']) => build(cluster, namespace, 'judged', shape, props);
  const bare = new Map([...new Set(programs.map(({ shape }) => shape))].map((shape) => [shape, judge(shape, {})]));
  const judged = programs.map((program) => ({ program, verdict: judge(program.shape, program.props) }));
  const possible = judged.filter(({ verdict }) => verdict.errors.length === 0).map(({ program }) => program);

  const shapes = [...bare].filter(([, { errors }]) => errors.length === 0).map(([shape]) => shape);
  const services: Bundle[] = [
    ...shapes.map((shape) => ({ shape, props: {}, programs: [], pending: shape === 'workers' })),
    ...bundlesOf(possible, isPending, (shape, props) => judge(shape, props).errors.length === 0),
  ];
  const built = services.map(({ shape, props }, i) => build(cluster, namespace, `s${i}e`, shape, props));
  const failures: string[] = [];
  const states = await forEachOf(built, (program, i) => observe(cluster, program, services[i].pending).catch(({ message }: Error) => {
    failures.push(`${Object.keys(program.main.spec)}: ${message}`);
    return undefined;
  }), built.length);
  if (failures.length > 0) {
    throw new Error(failures.slice(0, 5).join('\n'));
  }
  const children = await childrenIn(cluster, namespace);

  const seen = new Map(services.flatMap(({ shape, programs: parts }, i) => {
    const lines = (at: number) => new Map([...children(built[at].name), ['status .url', String(states[at]?.status?.url).replaceAll(built[at].name, 'NAME')]]);
    const changes = changesBetween(lines(shapes.indexOf(shape)), lines(i));
    return parts.map((program) => [program, changes] as const);
  }));
  return judged.flatMap(({ program, verdict }) => Object.entries(program.shows).map(([prop, shown]): Row => {
    const others = (seen.get(program) ?? []).filter((change) => program.as === undefined || !['transformer', 'explainer'].includes(program.as) || change.includes(`(${program.as})`));
    return {
      prop: rowName(program, prop),
      ...verdict.errors.length > 0 ? { refused: verdict.errors }
        : { warnings: verdict.warnings.filter((code) => !bare.get(program.shape)!.warnings.includes(code)) },
      changes: others.filter((change) => shown.test(change)).map((change) => change.slice(0, change.indexOf(' = '))),
      others,
    };
  }));
}

/** As few services as the programs need: those of a shape that set different props go together. */
function bundlesOf(
  programs: readonly EffectProgram[], isPending: (program: EffectProgram) => boolean, isRight: (shape: Shape, props: Fields) => boolean,
): Bundle[] {
  const shared: { shape: Shape; props: Fields; programs: EffectProgram[]; pending: boolean }[] = [];
  const alone: Bundle[] = [];
  for (const program of programs) {
    const { shape, props } = program;
    const pending = isPending(program);
    if (program.alone || typeof props === 'function') {
      alone.push({ shape, props, programs: [program], pending });
      continue;
    }
    const found = shared.find((bundle) => {
      const goesWith = bundle.shape === shape && bundle.pending === pending && bundle.programs[0].group === program.group;
      const both = goesWith ? merged(bundle.props, props) : undefined;
      return both !== undefined && isRight(shape, both);
    });
    if (found === undefined) {
      shared.push({ shape, props, programs: [program], pending });
    } else {
      found.props = merged(found.props, props)!;
      found.programs.push(program);
    }
  }
  return [...shared, ...alone];
}

/** Applies a program, waits until its child objects are there, and returns the service or graph. */
async function observe(cluster: ClusterHandle, { objects, main }: BuiltProgram, pending: boolean): Promise<KubeObject> {
  const { name, namespace } = main.metadata;
  for (const object of objects.filter(({ kind }) => kind !== 'TrainedModel')) {
    await cluster.client.apply(object);
  }
  if (pending) {
    const labelSelector = `serving.kserve.io/inferenceservice=${name}`;
    await until(`${name} has pods`, async () => (await cluster.client.list('v1', 'Pod', { namespace, labelSelector })).length > 0 || undefined, {
      explain: () => explain(cluster.client, cluster.state, main),
    });
  } else {
    await cluster.untilReady(main);
  }
  const model = objects.find(({ kind }) => kind === 'TrainedModel');
  if (model) {
    await cluster.client.apply(model);
    await cluster.until('lists the model', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `modelconfig-${name}-0`, namespace } },
      ({ data }) => data['models.json'].includes('given-model') || undefined);
  }
  return (await cluster.client.find(main))!;
}

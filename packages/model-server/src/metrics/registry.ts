import { CATALOGUE, MetricSpec } from './catalogue';

/** A counter or gauge of one series. */
export class Value {
  public value = 0;

  public add(amount = 1): void {
    this.value += amount;
  }

  public set(value: number): void {
    this.value = value;
  }
}

/** A histogram of one series. */
export class Histogram {
  private readonly counts: Float64Array;
  private sum = 0;

  public constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  public observe(value: number): void {
    const { bounds } = this;
    let i = 0;
    while (i < bounds.length && value > bounds[i]!) {
      i++;
    }
    this.counts[i]!++;
    this.sum += value;
  }

  public render(name: string, labels: string): string {
    const inner = labels === '' ? '' : `${labels},`;
    let total = 0;
    let text = '';
    for (let i = 0; i < this.bounds.length; i++) {
      total += this.counts[i]!;
      text += `${name}_bucket{${inner}le="${this.bounds[i]}"} ${total}\n`;
    }
    total += this.counts[this.bounds.length]!;
    const braces = labels === '' ? '' : `{${labels}}`;
    return `${text}${name}_bucket{${inner}le="+Inf"} ${total}\n${name}_sum${braces} ${this.sum}\n${name}_count${braces} ${total}\n`;
  }
}

type Series = Value | Histogram;
export type Labels = { readonly [label: string]: string };

const escape = (value: string): string => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
const labelText = (labels: Labels): string => Object.entries(labels).map(([key, value]) => `${key}="${escape(value)}"`).join(',');

/** All combinations of the labels that have a closed set of values. */
function combinations(spec: MetricSpec): Labels[] {
  let result: Labels[] = [{}];
  for (const [label, values] of Object.entries(spec.labels)) {
    if (typeof values !== 'string') {
      result = result.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })));
    }
  }
  return result;
}

const perModel = (spec: MetricSpec): boolean => Object.values(spec.labels).includes('model');

type Key = keyof typeof CATALOGUE;

/** The series of one model version, or of the server where no model is meant. */
export class Scope {
  private readonly series = new Map<string, { readonly spec: MetricSpec; readonly text: string; readonly series: Series }>();

  public constructor(public readonly base: Labels, keys: readonly Key[]) {
    for (const key of keys) {
      const spec: MetricSpec = CATALOGUE[key];
      for (const labels of combinations(spec)) {
        const series = spec.type === 'histogram' ? new Histogram(spec.buckets!) : new Value();
        this.series.set(scopeKey(key, Object.values(labels)), { spec, text: labelText({ ...base, ...labels }), series });
      }
    }
  }

  public value(key: Key, ...labels: string[]): Value {
    return this.series.get(scopeKey(key, labels))!.series as Value;
  }

  public histogram(key: Key, ...labels: string[]): Histogram {
    return this.series.get(scopeKey(key, labels))!.series as Histogram;
  }

  public collect(into: Map<string, string[]>): void {
    for (const { spec, text, series } of this.series.values()) {
      const lines = into.get(spec.name) ?? [];
      into.set(spec.name, lines);
      lines.push(series instanceof Histogram ? series.render(spec.name, text) : `${spec.name}${text === '' ? '' : `{${text}}`} ${series.value}\n`);
    }
  }
}

const scopeKey = (key: string, labels: readonly string[]): string => (labels.length === 0 ? key : `${key}\0${labels.join('\0')}`);

/** Every series the server has; each starts at 0, and a model's go with the model. */
export class Metrics {
  public readonly server = new Scope({}, (Object.keys(CATALOGUE) as Key[]).filter((key) => !perModel(CATALOGUE[key])));
  /** What every request touches. */
  public readonly inFlight = this.server.value('inFlight');
  private readonly scopes = new Set<Scope>();
  /** Called before each rendering, to fill gauges. */
  public readonly beforeRender: (() => void)[] = [];

  public openModel(name: string, version: string | undefined): Scope {
    const keys = (Object.keys(CATALOGUE) as Key[]).filter((key) => perModel(CATALOGUE[key]));
    const scope = new Scope({ model_name: name, model_version: version ?? '' }, keys);
    this.scopes.add(scope);
    return scope;
  }

  public closeModel(scope: Scope): void {
    this.scopes.delete(scope);
  }

  /** The Prometheus text format, version 0.0.4. */
  public render(): string {
    for (const fill of this.beforeRender) {
      fill();
    }
    const lines = new Map<string, string[]>();
    this.server.collect(lines);
    const shown = new Set<string>();
    for (const scope of this.scopes) {
      // a model that is being loaded again is not told of until the old one has gone: their labels are the same
      const labels = labelText(scope.base);
      if (!shown.has(labels)) {
        shown.add(labels);
        scope.collect(lines);
      }
    }
    let text = '';
    for (const spec of Object.values(CATALOGUE) as MetricSpec[]) {
      text += `# HELP ${spec.name} ${spec.help}\n# TYPE ${spec.name} ${spec.type}\n${(lines.get(spec.name) ?? []).join('')}`;
    }
    return text;
  }
}

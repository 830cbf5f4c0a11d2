import { Rows } from './model';

/** Values within this of zero count as zero where a LightGBM split takes zero for missing. */
const ZERO = Math.fround(1e-35);

const NUMERIC = 0;
const ZERO_IS_MISSING = 1;
const CATEGORICAL = 2;

/** Rows walked through one tree before the next: the tree stays in the cache. */
const BLOCK = 32;

/** A node of a tree as its file numbers it. */
export type SourceNode = SourceSplit | SourceLeaf;

const bits = new DataView(new ArrayBuffer(4));

/** The next float32 below: what is less than a value is at most this. Nothing is below -Infinity. */
export function float32Below(value: number): number {
  bits.setFloat32(0, value);
  const float = bits.getFloat32(0);
  if (float === 0) {
    return -1.401298464324817e-45;
  }
  if (float === -Infinity) {
    return float;
  }
  bits.setInt32(0, bits.getInt32(0) + (float > 0 ? -1 : 1));
  return bits.getFloat32(0);
}

/** A row goes to `first` when its value is at most the threshold, or among the categories. */
export interface SourceSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly first: number;
  readonly second: number;
  /** Whether a missing value goes to `first`. */
  readonly missingFirst: boolean;
  /** Whether zero is missing too. */
  readonly zeroIsMissing?: boolean;
  /** Words of a bit set of categories: the split is on a category. */
  readonly categories?: ArrayLike<number>;
}

export interface SourceLeaf {
  /** One value for each output of the tree. */
  readonly values: readonly number[];
}

const isLeaf = (node: SourceNode): node is SourceLeaf => 'values' in node;

/** What the trees of a forest have in common. */
export interface ForestShape {
  readonly features: number;
  /** Sums that a row has: classes or targets. */
  readonly groups: number;
  /** Values in a leaf: 1, or all groups. */
  readonly leafWidth: number;
  /** No more nodes than this in all trees. */
  readonly nodes: number;
  /** Whether a category above -1 is cut to 0, as LightGBM does, rather than no category. */
  readonly cutsCategories: boolean;
}

/** Puts trees together, and checks what it is given: files may be broken. */
export class ForestBuilder {
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  private readonly first: Int32Array;
  private readonly missing: Int32Array;
  private readonly kind: Uint8Array;
  private readonly roots: number[] = [];
  private readonly groups: number[] = [];
  private readonly leaves: number[] = [];
  private readonly sets: number[] = [];
  private readonly setStarts: number[] = [0];
  private used = 0;

  public constructor(private readonly shape: ForestShape) {
    this.feature = new Int32Array(shape.nodes);
    this.threshold = new Float64Array(shape.nodes);
    this.first = new Int32Array(shape.nodes);
    this.missing = new Int32Array(shape.nodes);
    this.kind = new Uint8Array(shape.nodes);
  }

  /** Adds a tree of which node `root` is the root. */
  public add(group: number, root: number, read: (node: number) => SourceNode): void {
    const tree = this.roots.length;
    const { features, groups, leafWidth } = this.shape;
    if (!(Number.isInteger(group) && group >= 0 && group < groups)) {
      throw new Error(`tree ${tree} adds to output ${group}, but the model has ${groups}`);
    }
    const start = this.used;
    const sources: number[] = [root];
    const named = new Set(sources);
    this.used++;
    // siblings stand side by side, so that a node needs to know one child only
    for (let at = 0; at < sources.length; at++) {
      const index = start + at;
      const node = read(sources[at]!);
      if (isLeaf(node)) {
        if (node.values.length !== leafWidth || node.values.some((value) => typeof value !== 'number')) {
          throw new Error(`tree ${tree}: the leaf at node ${sources[at]} has no ${leafWidth} values`);
        }
        this.feature[index] = -1;
        this.threshold[index] = leafWidth === 1 ? node.values[0]! : this.leaves.length;
        if (leafWidth > 1) {
          this.leaves.push(...node.values);
        }
        continue;
      }
      if (!(Number.isInteger(node.feature) && node.feature >= 0 && node.feature < features)) {
        throw new Error(`tree ${tree} splits on feature ${node.feature}, but the model has ${features} features`);
      }
      if (node.categories === undefined && typeof node.threshold !== 'number') {
        throw new Error(`tree ${tree}: the split at node ${sources[at]} has no threshold`);
      }
      const first = this.used;
      this.used += 2;
      for (const child of [node.first, node.second]) {
        if (named.has(child)) {
          throw new Error(`tree ${tree} names node ${child} more than once`);
        }
        named.add(child);
        sources.push(child);
      }
      this.feature[index] = node.feature;
      this.first[index] = first;
      this.missing[index] = node.missingFirst ? first : first + 1;
      if (node.categories !== undefined) {
        this.kind[index] = CATEGORICAL;
        this.threshold[index] = this.setStarts.length - 1;
        this.sets.push(...Array.from(node.categories));
        this.setStarts.push(this.sets.length);
      } else {
        this.kind[index] = node.zeroIsMissing === true ? ZERO_IS_MISSING : NUMERIC;
        this.threshold[index] = node.threshold;
      }
    }
    this.roots.push(start);
    this.groups.push(group);
  }

  public build(): Forest {
    const end = this.used;
    return new Forest(this.shape, {
      feature: this.feature.slice(0, end),
      threshold: this.threshold.slice(0, end),
      first: this.first.slice(0, end),
      missing: this.missing.slice(0, end),
      kind: this.kind.slice(0, end),
      roots: Int32Array.from(this.roots),
      groups: Int32Array.from(this.groups),
      leaves: Float64Array.from(this.leaves),
      sets: Uint32Array.from(this.sets),
      setStarts: Int32Array.from(this.setStarts),
    });
  }
}

interface Tables {
  /** The feature a node splits on; -1 in a leaf. */
  readonly feature: Int32Array;
  /** A split's threshold or the number of its set; a leaf's value or where its values begin. */
  readonly threshold: Float64Array;
  /** The first child; the second stands behind it. */
  readonly first: Int32Array;
  /** The child of a missing value. */
  readonly missing: Int32Array;
  readonly kind: Uint8Array;
  readonly roots: Int32Array;
  readonly groups: Int32Array;
  readonly leaves: Float64Array;
  readonly sets: Uint32Array;
  readonly setStarts: Int32Array;
}

/** Trees as flat tables. */
export class Forest {
  /** Whether some split is more than a comparison. */
  private readonly special: boolean;

  public constructor(public readonly shape: ForestShape, private readonly tables: Tables) {
    this.special = tables.kind.some((kind) => kind !== NUMERIC);
  }

  public get trees(): number {
    return this.tables.roots.length;
  }

  /** Adds each row's leaves to its sums, tree by tree, in the precision of `sums`. */
  public addTo(sums: Rows, rows: Rows, count: number): void {
    const { features, groups, leafWidth } = this.shape;
    const { threshold, leaves, roots, groups: groupOf } = this.tables;
    const trees = roots.length;
    for (let from = 0; from < count; from += BLOCK) {
      const to = Math.min(count, from + BLOCK);
      for (let tree = 0; tree < trees; tree++) {
        const group = groupOf[tree]!;
        for (let row = from; row < to; row++) {
          const leaf = this.special ? this.find(rows, row * features, roots[tree]!) : this.compare(rows, row * features, roots[tree]!);
          if (leafWidth === 1) {
            sums[row * groups + group]! += threshold[leaf]!;
          } else {
            const start = threshold[leaf]!;
            for (let k = 0; k < leafWidth; k++) {
              sums[row * groups + k]! += leaves[start + k]!;
            }
          }
        }
      }
    }
  }

  /** Tells the value of the leaf that a row reaches in each tree. */
  public visit(rows: Rows, row: number, take: (group: number, value: number) => void): void {
    const { roots, groups, threshold } = this.tables;
    for (let tree = 0; tree < roots.length; tree++) {
      take(groups[tree]!, threshold[this.find(rows, row * this.shape.features, roots[tree]!)]!);
    }
  }

  /** The leaf of a row in a tree that only compares. */
  private compare(rows: Rows, at: number, root: number): number {
    const { feature, threshold, first, missing } = this.tables;
    let node = root;
    for (let index = feature[node]!; index >= 0; index = feature[node]!) {
      const value = rows[at + index]!;
      const limit = threshold[node]!;
      // neither comparison holds for a missing value
      node = value <= limit ? first[node]! : value > limit ? first[node]! + 1 : missing[node]!;
    }
    return node;
  }

  /** The leaf of a row in any tree. */
  private find(rows: Rows, at: number, root: number): number {
    const { feature, threshold, first, missing, kind } = this.tables;
    let node = root;
    for (let index = feature[node]!; index >= 0; index = feature[node]!) {
      const value = rows[at + index]!;
      const limit = threshold[node]!;
      const what = kind[node];
      if (value !== value || (what === ZERO_IS_MISSING && value >= -ZERO && value <= ZERO)) {
        node = missing[node]!;
      } else if (what === CATEGORICAL) {
        node = first[node]! + (this.holds(limit, value) ? 0 : 1);
      } else {
        node = first[node]! + (value <= limit ? 0 : 1);
      }
    }
    return node;
  }

  private holds(set: number, value: number): boolean {
    const { sets, setStarts } = this.tables;
    const start = setStarts[set]!;
    if (!(value >= 0 || (value > -1 && this.shape.cutsCategories)) || value >= (setStarts[set + 1]! - start) * 32) {
      return false;
    }
    const category = Math.trunc(value);
    return ((sets[start + (category >> 5)]! >>> (category & 31)) & 1) === 1;
  }
}

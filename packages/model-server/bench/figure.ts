/** One line of the table. */
export interface Figure {
  readonly name: string;
  /** Where the model ran, and over how many connections or processes. */
  readonly placement: string;
  /** What it must reach; figures without are there to be read. */
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** Undefined where it could not be measured here. */
  readonly value: number | undefined;
  readonly unit?: string;
  /** Why it could not be measured, or what else to know. */
  readonly note?: string;
}

/** How a run measures. */
export interface Effort {
  readonly rounds: number;
  /** Length of one slice. */
  readonly seconds: number;
  readonly memorySeconds: number;
  readonly log: (line: string) => void;
}

/** Whether a figure reaches its goal; undefined when it has none or no value. */
export function reached({ goal, value }: Figure): boolean | undefined {
  if (goal === undefined || value === undefined) {
    return undefined;
  }
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

const digits = (value: number): string => (value >= 100 ? String(Math.round(value)) : value >= 20 ? value.toFixed(1) : value.toFixed(2));

const cells = (figure: Figure): string[] => {
  const { name, placement, goal, value, unit, note } = figure;
  const suffix = unit === undefined ? '' : ` ${unit}`;
  const wanted = goal === undefined ? '-' : 'atLeast' in goal ? `≥ ${goal.atLeast}${suffix}` : `≤ ${goal.atMost}${suffix}`;
  const found = value === undefined ? 'not measured' : `${digits(value)}${suffix}${reached(figure) === false ? ' (missed)' : ''}`;
  return [name, placement, wanted, note === undefined ? found : `${found}; ${note}`];
};

/** The figures as a table of Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  return [['What', 'Placement', 'Goal', 'Measured'], ['---', '---', '---', '---'], ...figures.map(cells)].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

import type { AggregationSpec } from './aggregation-spec';
import type { StepResponse } from './simulation-props';

/** The one answer that a task makes of an ensemble's answer. */
export function answerOf(body: string, task: AggregationSpec): StepResponse {
  const members = membersOf(body);
  if (members === undefined) {
    return refused('the request is no JSON object with an answer for each member');
  }
  const good = ordered(members, task).filter(([, answer]) => Array.isArray(answer?.[task.field]))
    .map(([name, answer]): Member => ({ name, values: answer[task.field] }));
  if (good.length === 0) {
    return { status: 502, json: { error: `no member answered with '${task.field}'` } };
  }
  if (task.method === 'firstGood') {
    return { json: { [task.field]: good[0].values } };
  }
  const { length } = good[0].values;
  const other = good.find(({ values }) => values.length !== length);
  if (other !== undefined) {
    return refused(`'${good[0].name}' answered ${length} ${task.field} and '${other.name}' ${other.values.length}`);
  }
  const combined = Array.from({ length }, (_, i) => combine(good.map(({ name, values }) => ({ name, value: values[i] })), task));
  return combined.includes(undefined) ? refused('the members\' values are no numbers of one shape') : { json: { [task.field]: combined } };
}

interface Member { readonly name: string; readonly values: any[] }
interface Vote { readonly name: string; readonly value: any }

function membersOf(body: string): { [name: string]: any } | undefined {
  try {
    const members = JSON.parse(body);
    return typeof members === 'object' && members !== null && !Array.isArray(members) ? members : undefined;
  } catch {
    return undefined;
  }
}

function ordered(members: { [name: string]: any }, { order }: AggregationSpec): [string, any][] {
  return order === undefined ? Object.entries(members) : order.filter((name) => Object.hasOwn(members, name)).map((name) => [name, members[name]]);
}

function combine(votes: readonly Vote[], { method, weights }: AggregationSpec): any {
  if (method === 'majorityVote') {
    const counts = new Map<string, { count: number; value: any }>();
    for (const { value } of votes) {
      const key = JSON.stringify(value);
      counts.set(key, { value, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()].reduce((a, b) => b.count > a.count ? b : a).value;
  }
  return mean(votes.map(({ value }) => value), votes.map(({ name }) => method === 'mean' ? 1 : weights?.[name] ?? 0));
}

/** The mean of numbers, or of lists number by number; undefined for anything else. */
function mean(values: readonly any[], weights: readonly number[]): any {
  if (values.every((value) => typeof value === 'number')) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return total === 0 ? undefined : values.reduce((sum, value, i) => sum + value * weights[i], 0) / total;
  }
  if (values.every((value) => Array.isArray(value) && value.length === values[0].length)) {
    const means = values[0].map((_: unknown, i: number) => mean(values.map((value) => value[i]), weights));
    return means.includes(undefined) ? undefined : means;
  }
  return undefined;
}

function refused(error: string): StepResponse {
  return { status: 400, json: { error } };
}

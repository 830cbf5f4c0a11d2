import { RULES } from '../../src/rules';
import { CASES } from '../diagnostics/cases';
import { runProgram } from '../diagnostics/run-program';
import { KubeObject } from './bench/client';
import { CLUSTERS, KindOfCluster } from './bench/clusters';
import { explain } from './bench/explain';
import { lastLines } from './bench/processes';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { childrenIn } from './support/effects/children';
import { NOT_PROVABLE, Proof, PROOFS } from './support/later';
import { PROGRAMS } from './support/later-programs';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { programFor } from './support/programs';

/** Rules of what happens after admission: of controllers, of webhooks behind them, and warnings. */
const LATER = RULES.filter(({ origin, severity }) => origin === 'controller' || (origin !== 'ours' && severity === 'warning')).map(({ code }) => code);

/** Codes of rules whose finding keeps the objects of a program from getting as far as another rule's. */
const ERRORS = new Set(RULES.filter(({ severity }) => severity === 'error').map(({ code }) => code));

const MAIN = ['InferenceService', 'InferenceGraph'];
const OTHER_MODE = ['KSV1902', 'KSV2025'];

/** Whether a cluster can show what the objects are about. */
function isThere(code: string, objects: readonly KubeObject[], { mode: itsMode }: KindOfCluster): boolean {
  const modes = objects.filter(({ kind }) => MAIN.includes(kind)).map(({ metadata }) => metadata.annotations?.['serving.kserve.io/deploymentMode']?.toLowerCase());
  return modes.length > 0 && modes.every((mode) => (mode === itsMode) !== OTHER_MODE.includes(code));
}

interface Provable {
  readonly code: string;
  readonly proof: Proof;
  readonly anyway: KubeObject[];
}

/** The wrong programs that a cluster proves wrong. */
function provableOn(kind: KindOfCluster): Provable[] {
  return Object.entries(PROOFS).flatMap(([code, proofs]) => [proofs].flat().map((proof) => ({ code, proof })))
    .filter(({ proof: { mode = kind.mode } }) => mode === kind.mode)
    .map(({ code, proof }) => ({ code, proof, ...programFor(kind, code, () => runProgram(PROGRAMS[code] ?? CASES[code].wrong)) }))
    .filter(({ code, proof: { despite = [] }, codes, anyway }) => codes.includes(code) && isThere(code, anyway, kind)
      && codes.every((other) => other === code || !ERRORS.has(other) || despite.includes(other)));
}

/** What of a proof is seen by now. */
async function isSeen(proof: Proof, objects: readonly KubeObject[], { metadata: { name, namespace } }: KubeObject): Promise<boolean> {
  const { says, logs, warns, remakes, shows, lacks } = proof;
  const { client, state } = cluster();
  const events = await client.list('v1', 'Event', { namespace });
  if (says) {
    const live = await forEachOf(objects, (object) => client.find(object));
    const said = [...live.map((object) => JSON.stringify(object?.status ?? {})), ...events.map(({ message, reason }) => `${reason} ${message}`)];
    if (said.some((words) => says.test(words))) {
      return true;
    }
  }
  if (logs) {
    const { log } = state.processes.find((record) => record.name === 'kserve-manager')!;
    return logs.test(lastLines(log, new RegExp(namespace!), Infinity));
  }
  if (warns) {
    const warnings: string[] = [];
    await forEachOf(objects, (object) => client.apply(object, { dryRun: true, warned: (warning) => warnings.push(warning) }));
    return warnings.some((warning) => warns.test(warning));
  }
  if (remakes) {
    const made = events.map(({ involvedObject }) => involvedObject).filter((object) => object.kind === 'Deployment' && object.name.endsWith(remakes));
    return new Set(made.map(({ uid }) => uid)).size > 1;
  }
  if (shows === undefined && lacks === undefined) {
    return false;
  }
  const lines = [...(await childrenIn(cluster(), namespace!))(name)].map(([path, value]) => `${path} = ${value}`);
  const unexpected = lines.find((line) => lacks?.test(line));
  if (unexpected !== undefined) {
    throw new Error(`${name}: ${unexpected}`);
  }
  return lines.length > 0 && (shows === undefined || lines.some((line) => shows.test(line)));
}

/** Applies the objects of a wrong program and waits until the cluster proves the rule. */
async function prove(proof: Proof, objects: readonly KubeObject[]): Promise<void> {
  const { client, state } = cluster();
  const main = objects.filter(({ kind }) => MAIN.includes(kind)).at(-1)!;
  for (const object of objects) {
    if (object.kind === 'TrainedModel') {
      // KServe deletes it when it has not heard of the service yet
      await cluster().until('known to the controller', main, ({ status }) => status?.conditions);
    }
    if (object.kind === 'InferenceGraph') {
      // which looks for its services again after ever longer pauses
      await Promise.all(objects.filter(({ kind }) => kind === 'InferenceService').map((service) => cluster().untilReady(service)));
    }
    await client.apply(object);
  }
  const { says, logs, warns, remakes, shows, lacks } = proof;
  await until(`${main.kind} ${main.metadata.name} shows ${says ?? logs ?? warns ?? remakes ?? shows ?? lacks}`, async () => await isSeen(proof, objects, main) || undefined, {
    explain: () => explain(client, state, main),
  });
}

describe('rules of what happens after admission', () => {
  test('are each proven, or listed with the reason why not', () => {
    expect(LATER.filter((code) => PROOFS[code] === undefined && NOT_PROVABLE[code] === undefined)).toEqual([]);
    expect(Object.keys(PROOFS).filter((code) => NOT_PROVABLE[code] !== undefined)).toEqual([]);
    expect([...Object.keys(PROOFS), ...Object.keys(NOT_PROVABLE)].filter((code) => !RULES.some((rule) => rule.code === code))).toEqual([]);
  });

  test('have their proof on at least one cluster of a whole run', () => {
    const proven = CLUSTERS.flatMap(provableOn).map(({ code }) => code);

    expect(Object.keys(PROOFS).filter((code) => !proven.includes(code))).toEqual([]);
  });

  test('are true: the cluster accepts the objects, and then says or shows what the rule says', async () => {
    const programs = provableOn(cluster())
      .map(({ code, proof, anyway }) => ({ code, proof, objects: inNamespaceOfItsOwn(anyway, code.toLowerCase(), proof.alone) }));
    await createNamespaces(cluster().client, programs.flatMap(({ objects }) => objects));
    const outcomeOf = async ({ code, proof, objects }: typeof programs[number]) => {
      const outcome = await prove(proof, objects).then(() => undefined, ({ message }: Error) => message);
      await forEachOf(objects, (object) => cluster().client.delete(object));
      return { code, outcome };
    };

    const outcomes = [
      ...await forEachOf(programs.filter(({ proof }) => !proof.alone), outcomeOf, 40),
      ...await forEachOf(programs.filter(({ proof }) => proof.alone), outcomeOf, 1),
    ];

    expect(outcomes.filter(({ outcome }) => outcome !== undefined)).toEqual([]);
  });
});

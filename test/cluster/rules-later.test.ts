import { RULES } from '../../src/rules';
import { CASES } from '../diagnostics/cases';
import { runProgram } from '../diagnostics/run-program';
import { KubeObject } from './bench/client';
import { explain } from './bench/explain';
import { cluster } from './bench/suite';
import { until } from './bench/wait';
import { childrenIn } from './support/effects/children';
import { NOT_PROVABLE, Proof, PROOFS } from './support/later';
import { createNamespaces, inNamespaceOfItsOwn } from './support/namespaces';
import { forEachOf } from './support/parallel';
import { programFor } from './support/programs';

/** Rules of what happens after admission: of controllers, of webhooks behind them, and warnings. */
const LATER = RULES.filter(({ origin, severity }) => origin === 'controller' || (origin !== 'ours' && severity === 'warning')).map(({ code }) => code);

/** Codes of rules whose finding keeps the objects of a program from getting as far as another rule's. */
const ERRORS = new Set(RULES.filter(({ severity }) => severity === 'error').map(({ code }) => code));

const MAIN = ['InferenceService', 'InferenceGraph'];
const OTHER_MODE = ['KSV1902', 'KSV2025'];

/** Whether the cluster of this run can show what the objects are about. */
function isHere(code: string, objects: readonly KubeObject[]): boolean {
  const modes = objects.filter(({ kind }) => MAIN.includes(kind)).map(({ metadata }) => metadata.annotations?.['serving.kserve.io/deploymentMode']?.toLowerCase());
  return modes.length > 0 && modes.every((mode) => (mode === cluster().mode) !== OTHER_MODE.includes(code));
}

/** Applies the objects of a wrong program and waits until the cluster proves the rule. */
async function prove({ says, shows, lacks }: Proof, objects: readonly KubeObject[]): Promise<void> {
  const { client, state } = cluster();
  for (const object of objects) {
    await client.apply(object);
  }
  const main = objects.filter(({ kind }) => MAIN.includes(kind)).at(-1)!;
  const namespace = main.metadata.namespace!;
  await until(`${main.kind} ${main.metadata.name} shows ${says ?? shows ?? lacks}`, async () => {
    if (says) {
      const status = JSON.stringify((await client.find(main))?.status ?? {});
      const events = await client.list('v1', 'Event', { namespace });
      return says.test(status) || events.some(({ message, reason }) => says.test(`${reason} ${message}`)) || undefined;
    }
    const lines = [...(await childrenIn(cluster(), namespace))(main.metadata.name)].map(([path, value]) => `${path} = ${value}`);
    if (lines.some((line) => lacks?.test(line))) {
      throw new Error(`${main.metadata.name}: ${lines.find((line) => lacks!.test(line))}`);
    }
    return (lines.length > 0 && (shows === undefined || lines.some((line) => shows.test(line)))) || undefined;
  }, { seconds: 60, explain: () => explain(client, state, main) });
}

describe('rules of what happens after admission', () => {
  test('are each proven, or listed with the reason why not', () => {
    expect(LATER.filter((code) => PROOFS[code] === undefined && NOT_PROVABLE[code] === undefined)).toEqual([]);
    expect(Object.keys(PROOFS).filter((code) => NOT_PROVABLE[code] !== undefined)).toEqual([]);
    expect([...Object.keys(PROOFS), ...Object.keys(NOT_PROVABLE)].filter((code) => !RULES.some((rule) => rule.code === code))).toEqual([]);
  });

  test('are true: the cluster accepts the objects, and then says or shows what the rule says', async () => {
    const programs = Object.entries(PROOFS).map(([code, proof]) => ({
      code, proof, ...programFor(cluster(), code, () => runProgram(CASES[code].wrong)),
    }));
    const found = programs.filter(({ code, proof: { mode = cluster().mode }, codes, anyway }) =>
      codes.includes(code) && codes.every((other) => other === code || !ERRORS.has(other)) && mode === cluster().mode && isHere(code, anyway));
    const apart = found.map(({ code, proof, anyway }) => ({ code, proof, objects: inNamespaceOfItsOwn(anyway, code.toLowerCase()) }));
    await createNamespaces(cluster().client, apart.flatMap(({ objects }) => objects));

    const outcomes = await forEachOf(apart, async ({ code, proof, objects }) => {
      const outcome = await prove(proof, objects).then(() => undefined, ({ message }: Error) => message);
      await forEachOf(objects, (object) => cluster().client.delete(object));
      return { code, outcome };
    }, 40);

    expect(outcomes.filter(({ outcome }) => outcome !== undefined)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(8);
  }, 300_000);
});

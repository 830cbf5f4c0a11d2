import * as fc from 'fast-check';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';
import { Candidate, RuntimeRequest, selectRuntime } from '../../src/runtime/selection';
import { RuntimeFacts } from '../../src/target';

const PROTOCOLS = KServeRelease.V0_20._data.protocols;
const DEFERRED = new Deferred('later') as any;

function candidate(facts: Partial<RuntimeFacts> & { name: string }, more: Partial<Candidate> = {}): Candidate {
  return { facts: { formats: [{ name: 'sklearn', version: '1', autoSelect: true }], ...facts }, namespaced: facts.namespace !== undefined, ...more };
}

function select(request: Partial<RuntimeRequest>, ...candidates: Candidate[]) {
  return selectRuntime({ format: 'sklearn', ...request }, candidates, PROTOCOLS);
}

function obstacleOf(name: string, selection: ReturnType<typeof select>) {
  return selection.verdicts.find(({ candidate: { facts } }) => facts.name === name)?.obstacle;
}

describe('a service that names no runtime', () => {
  test('gets the one that serves its format', () => {
    const selection = select({}, candidate({ name: 'a' }));

    expect(selection).toMatchObject({ state: 'chosen', chosen: { facts: { name: 'a' } }, tied: [] });
  });

  test.each<[string, Partial<RuntimeRequest>, Partial<RuntimeFacts>]>([
    ['format', { format: 'onnx' }, {}],
    ['case', { format: 'SKLearn' }, {}],
    ['version', { version: '2' }, {}],
    ['version', { version: '1' }, { formats: [{ name: 'sklearn', autoSelect: true }] }],
    ['auto-select', {}, { formats: [{ name: 'sklearn' }] }],
    ['auto-select', { version: '1' }, { formats: [{ name: 'sklearn', version: '1' }, { name: 'sklearn', version: '2', autoSelect: true }] }],
    ['protocol', { protocol: 'v2' }, { protocolVersions: ['v1'] }],
    ['protocol', {}, { protocolVersions: ['v2'] }],
    ['disabled', {}, { disabled: true }],
    ['multi-model', {}, { multiModel: true }],
    ['multi-node', {}, { multiNode: true }],
    ['single-node', { multiNode: true }, {}],
    ['namespace', { namespace: 'here' }, { namespace: 'there' }],
  ])('gets none where the only one has the obstacle %s', (obstacle, request, facts) => {
    const selection = select(request, candidate({ name: 'a', ...facts }));

    expect(selection).toMatchObject({ state: 'none', verdicts: [{ obstacle }] });
  });

  test('prefers its own namespace to the cluster, whatever the priorities', () => {
    const selection = select({ namespace: 'here' },
      candidate({ name: 'cluster', formats: [{ name: 'sklearn', autoSelect: true, priority: 9 }], protocolVersions: ['v1'] }),
      candidate({ name: 'own', namespace: 'here' }),
    );

    expect(selection.verdicts).toMatchObject([{ candidate: { facts: { name: 'own' } } }, { after: 'namespace' }]);
    expect(selection.tied).toEqual([]);
  });

  test('prefers priority to a lower protocol, and no priority comes last', () => {
    const selection = select({ protocol: 'v2' },
      candidate({ name: 'none', protocolVersions: ['v1', 'v2'] }),
      candidate({ name: 'one', protocolVersions: ['v1', 'v2'], formats: [{ name: 'sklearn', autoSelect: true, priority: 1 }] }),
      candidate({ name: 'two', protocolVersions: ['v2'], formats: [{ name: 'sklearn', autoSelect: true, priority: 2 }] }),
    );

    expect(selection.verdicts.map(({ candidate: { facts }, after }) => [facts.name, after])).toEqual([
      ['two', undefined], ['one', 'priority'], ['none', 'priority'],
    ]);
  });

  test('prefers the lowest protocol among equal priorities, and one that names no protocol comes last', () => {
    const selection = select({ protocol: 'grpc-v2' },
      candidate({ name: 'any' }),
      candidate({ name: 'grpc', protocolVersions: ['grpc-v2'] }),
      candidate({ name: 'both', protocolVersions: ['grpc-v2', 'v2'] }),
    );

    expect(selection.verdicts.map(({ candidate: { facts }, after }) => [facts.name, after])).toEqual([
      ['both', undefined], ['grpc', 'protocol'], ['any', 'protocol'],
    ]);
  });

  test('is told that the age decides between equals, of which the first name wins among equally old ones', () => {
    const selection = select({}, candidate({ name: 'b' }), candidate({ name: 'a' }), candidate({ name: 'c', disabled: true }));

    expect(selection.chosen?.facts.name).toBe('a');
    expect(selection.tied.map(({ facts }) => facts.name)).toEqual(['b']);
  });

  test('counts the priority of the first entry of a format, even one of another version', () => {
    const selection = select({ version: '2' },
      candidate({ name: 'a', formats: [{ name: 'sklearn', version: '2', autoSelect: true, priority: 2 }] }),
      candidate({ name: 'b', formats: [{ name: 'sklearn', version: '1', priority: 3 }, { name: 'sklearn', version: '2', autoSelect: true, priority: 1 }] }),
    );

    expect(selection.chosen?.facts.name).toBe('b');
  });
});

describe('the protocol', () => {
  test.each<[string | undefined, string | undefined, Partial<RuntimeFacts>, string | undefined]>([
    ['grpc-v2', 'grpc-v2', { protocolVersions: ['v2', 'grpc-v2'] }, undefined],
    ['v1', undefined, { protocolVersions: ['v2', 'v1'] }, undefined],
    [undefined, undefined, {}, undefined],
    ['v2', undefined, {}, 'mlserver'],
    ['v1', undefined, {}, 'torchserve'],
    [undefined, undefined, {}, 'sklearnserver'],
  ])('is %s for a service that writes %s', (expected, protocol, facts, serverType) => {
    const selection = select({ protocol }, candidate({ name: 'a', ...facts }, { serverType }));

    expect(selection.protocol).toBe(expected);
  });

  test('is v2 for a format that the webhook gives v2', () => {
    const triton = candidate({ name: 'a', formats: [{ name: 'triton', autoSelect: true }], protocolVersions: ['grpc-v2', 'v2'] });

    expect(select({ format: 'triton' }, triton)).toMatchObject({ state: 'chosen', protocol: 'v2' });
  });

  test('is the lowest of a runtime that is named, although it would not be chosen', () => {
    const v2 = candidate({ name: 'a', protocolVersions: ['grpc-v2', 'v2'] });

    expect(select({}, v2).state).toBe('none');
    expect(select({ runtime: 'a' }, v2)).toMatchObject({ state: 'chosen', protocol: 'v2' });
  });
});

describe('a service that names a runtime', () => {
  test('gets it also for a format that it serves only if named', () => {
    expect(select({ runtime: 'a' }, candidate({ name: 'a', formats: [{ name: 'sklearn' }] })).state).toBe('chosen');
  });

  test('gets it whatever it has to do with many models or nodes', () => {
    expect(select({ runtime: 'a' }, candidate({ name: 'a', multiModel: true, multiNode: true })).state).toBe('chosen');
    expect(select({ runtime: 'a', multiNode: true }, candidate({ name: 'a' })).state).toBe('chosen');
  });

  test.each<[string, Partial<RuntimeRequest>, Partial<RuntimeFacts>]>([
    ['disabled', {}, { disabled: true }],
    ['protocol', { protocol: 'v1' }, { protocolVersions: ['v2'] }],
    ['format', { format: 'onnx' }, {}],
    ['case', { format: 'SKlearn' }, {}],
    ['version', { version: '2' }, {}],
  ])('gets none where that one has the obstacle %s', (obstacle, request, facts) => {
    const selection = select({ runtime: 'a', ...request }, candidate({ name: 'b' }), candidate({ name: 'a', ...facts }));

    expect(selection.state).toBe('none');
    expect(obstacleOf('a', selection)).toBe(obstacle);
    expect(obstacleOf('b', selection)).toBe('not-named');
  });

  test('gets the one of its namespace, which hides one of the cluster even when it cannot serve', () => {
    const selection = select({ runtime: 'a', namespace: 'here' },
      candidate({ name: 'a' }), candidate({ name: 'a', namespace: 'here', disabled: true }));

    expect(selection.verdicts.map(({ obstacle }) => obstacle)).toEqual(['disabled', 'hidden']);
    expect(selection.state).toBe('none');
  });

  test('gets none from another namespace', () => {
    const selection = select({ runtime: 'a', namespace: 'here' }, candidate({ name: 'a', namespace: 'there' }));

    expect(selection).toMatchObject({ state: 'none', verdicts: [{ obstacle: 'namespace' }] });
  });

  test('gets none where nothing has the name', () => {
    expect(select({ runtime: 'x' }, candidate({ name: 'a' }))).toMatchObject({ state: 'none', verdicts: [{ obstacle: 'not-named' }] });
  });
});

describe('nothing is decided', () => {
  test.each<Partial<RuntimeRequest>>([
    { format: DEFERRED }, { version: DEFERRED }, { protocol: DEFERRED }, { runtime: DEFERRED },
  ])('on a request with %p', (request) => {
    expect(select(request, candidate({ name: 'a' })).state).toBe('unknown');
  });

  test.each<Partial<RuntimeFacts>>([
    { formats: [{ name: DEFERRED, autoSelect: true }] },
    { formats: [{ name: 'sklearn', version: DEFERRED, autoSelect: true }] },
    { protocolVersions: [DEFERRED] },
    { namespace: DEFERRED },
  ])('where another runtime with %p might serve as well', (facts) => {
    const namespaced = facts.namespace !== undefined;

    expect(select({ namespace: 'here' }, candidate({ name: 'a' }), candidate({ name: 'b', ...facts }, { namespaced })).state).toBe('unknown');
  });

  test('between two runtimes of which one has a deferred priority, but there is nothing to decide with one', () => {
    const later = candidate({ name: 'b', formats: [{ name: 'sklearn', autoSelect: true, priority: DEFERRED }] });

    expect(select({}, candidate({ name: 'a' }), later).state).toBe('unknown');
    expect(select({}, later).state).toBe('chosen');
  });

  test('where a namespaced runtime would win if the unknown namespaces are the same', () => {
    expect(select({ namespace: undefined }, candidate({ name: 'a', namespace: 'there' })).state).toBe('unknown');
    expect(select({ namespace: 'here' }, candidate({ name: 'a' }, { namespaced: true })).state).toBe('unknown');
    expect(select({ namespace: undefined }, candidate({ name: 'a' }, { namespaced: true })).state).toBe('chosen');
  });

  test('on a name that a runtime with a deferred one may have, unless one of the namespace has it', () => {
    const later = candidate({ name: DEFERRED });

    expect(select({ runtime: 'a', namespace: 'here' }, later).state).toBe('unknown');
    expect(select({ runtime: 'a', namespace: 'here' }, candidate({ name: 'a' }), later).state).toBe('chosen');
    expect(select({ runtime: 'a', namespace: 'here' }, candidate({ name: 'a' }), candidate({ name: DEFERRED, namespace: 'here' })).state).toBe('unknown');
    expect(select({ runtime: 'a', namespace: 'here' }, candidate({ name: 'a', namespace: 'here' }), later).state).toBe('chosen');
  });

  test('but a deferred runtime that cannot serve anyway does not matter', () => {
    const disabled = candidate({ name: DEFERRED, disabled: true });
    const multiNode = candidate({ name: 'c', multiNode: true, protocolVersions: [DEFERRED] });

    expect(select({}, candidate({ name: 'a' }), disabled, multiNode).state).toBe('chosen');
  });
});

/** KServe's two passes over its two lists, for runtimes of which each has an age. */
function naive(request: RuntimeRequest, aged: { candidate: Candidate; created: number }[]): Candidate | undefined {
  const order = ['v1', 'v2', 'grpc-v1', 'grpc-v2'];
  const protocol = request.protocol ?? (['triton', 'vLLM'].includes(request.format) ? 'v2' : undefined);
  const speaks = ({ facts }: Candidate, wanted: string) => !facts.protocolVersions?.length || facts.protocolVersions.includes(wanted);
  if (request.runtime !== undefined) {
    const ofName = aged.map((one) => one.candidate).filter(({ facts }) => facts.name === request.runtime);
    const found = ofName.find(({ facts }) => facts.namespace === request.namespace) ?? ofName.find(({ facts }) => facts.namespace === undefined);
    const serves = found?.facts.formats.some(({ name, version }) => name === request.format && (request.version ?? version) === version);
    return found !== undefined && !found.facts.disabled && serves && (protocol === undefined || speaks(found, protocol)) ? found : undefined;
  }
  const lowest = ({ facts }: Candidate) => [0, 1, 2, 3].find((i) => facts.protocolVersions?.includes(order[i])) ?? 4;
  const inList = (namespace: string | undefined) => {
    const list = aged.filter(({ candidate: { facts } }) => facts.namespace === namespace);
    const byName = (a: Candidate, b: Candidate) => a.facts.name < b.facts.name ? -1 : 1;
    list.sort((a, b) => lowest(a.candidate) - lowest(b.candidate) || b.created - a.created || byName(a.candidate, b.candidate));
    const able = list.map((one) => one.candidate).filter((one) => {
      const labels = new Set(one.facts.formats.filter(({ autoSelect }) => autoSelect)
        .flatMap(({ name, version }) => version === undefined ? [name] : [name, `${name}:${version}`]));
      return !one.facts.disabled && !one.facts.multiModel && (one.facts.multiNode ?? false) === (request.multiNode ?? false)
        && labels.has(request.version === undefined ? request.format : `${request.format}:${request.version}`)
        && speaks(one, protocol ?? 'v1');
    });
    const priority = ({ facts }: Candidate) => facts.formats.find(({ name }) => name === request.format)?.priority;
    return able.sort((a, b) => {
      const [p, q] = [priority(a), priority(b)];
      return p === undefined ? (q === undefined ? 0 : 1) : q === undefined ? -1 : q - p;
    });
  };
  return [...request.namespace === undefined ? [] : inList(request.namespace), ...inList(undefined)][0];
}

describe('a second formulation of the rules', () => {
  const protocol = fc.constantFrom('v1', 'v2', 'grpc-v1', 'grpc-v2');
  const format = fc.record({
    name: fc.constantFrom('sklearn', 'triton', 'vLLM', 'vllm'),
    version: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    autoSelect: fc.option(fc.boolean(), { nil: undefined }),
    priority: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
  });
  const rare = fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
  const facts = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    namespace: fc.constantFrom(undefined, 'here', 'there'),
    formats: fc.array(format, { maxLength: 3 }),
    protocolVersions: fc.uniqueArray(protocol, { maxLength: 3 }),
    disabled: rare,
    multiModel: rare,
    multiNode: rare,
  });
  const runtimes = fc.uniqueArray(facts, { maxLength: 8, selector: ({ name, namespace }) => `${namespace}/${name}` })
    .map((list) => list.map((one) => candidate(one)));
  const request = fc.record({
    format: fc.constantFrom('sklearn', 'triton', 'vLLM'),
    version: fc.constantFrom(undefined, undefined, '1', '2'),
    protocol: fc.option(protocol, { nil: undefined }),
    runtime: fc.constantFrom(undefined, undefined, 'a', 'b'),
    multiNode: rare,
    namespace: fc.constant('here'),
  });

  test('agrees whatever the ages: the winner is the chosen runtime or one of those tied with it', () => {
    fc.assert(fc.property(request, runtimes, fc.infiniteStream(fc.nat(3)), (wanted, candidates, ages) => {
      const { state, chosen, tied } = selectRuntime(wanted, candidates, PROTOCOLS);
      const withAges = (age: (one: Candidate) => number) => naive(wanted, candidates.map((one) => ({ candidate: one, created: age(one) })));

      expect(withAges(() => 0)).toBe(chosen);
      expect(state).toBe(chosen === undefined ? 'none' : 'chosen');
      for (const winner of tied) {
        expect(withAges((one) => one === winner ? 1 : 0)).toBe(winner);
      }
      const any = withAges(() => ages.next().value);
      expect(chosen === undefined ? [undefined] : [chosen, ...tied]).toContain(any);
    }), { numRuns: 3000 });
  });

  test('and every candidate has exactly one verdict, whatever the order of the list', () => {
    fc.assert(fc.property(request, runtimes, (wanted, candidates) => {
      const selection = selectRuntime(wanted, candidates, PROTOCOLS);
      const reversed = selectRuntime(wanted, [...candidates].reverse(), PROTOCOLS);

      expect(new Set(selection.verdicts.map((verdict) => verdict.candidate))).toEqual(new Set(candidates));
      expect(selection.verdicts).toHaveLength(candidates.length);
      expect(reversed.chosen).toBe(selection.chosen);
    }), { numRuns: 500 });
  });
});

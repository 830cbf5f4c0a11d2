import * as fc from 'fast-check';
import { DerivedNames } from '../../src';
import { DerivedNamesProps } from '../../src/core/derived-names-props';
import { Deferred } from '../../src/core/deferred';

const IRIS = { name: 'iris', namespace: 'models', domain: 'acme.org' };

/** All names as `kind name`. */
function listed(props: DerivedNamesProps): string[] {
  return DerivedNames._of(props).all().map(({ kind, name }) => `${kind} ${name}`);
}

describe('Standard mode', () => {
  test('behind the Gateway API every component has a Deployment, a Service, an autoscaler and a route', () => {
    expect(listed({ ...IRIS, transformer: true, explainer: true })).toEqual([
      'Label iris',
      'Deployment iris-predictor', 'Service iris-predictor', 'Label isvc.iris-predictor', 'HorizontalPodAutoscaler iris-predictor', 'HTTPRoute iris-predictor',
      'Deployment iris-transformer', 'Service iris-transformer', 'Label isvc.iris-transformer', 'HorizontalPodAutoscaler iris-transformer', 'HTTPRoute iris-transformer',
      'Deployment iris-explainer', 'Service iris-explainer', 'Label isvc.iris-explainer', 'HorizontalPodAutoscaler iris-explainer', 'HTTPRoute iris-explainer',
      'HTTPRoute iris',
      'Host iris-predictor-models.acme.org', 'DNS label iris-predictor-models',
      'Host iris-transformer-models.acme.org', 'DNS label iris-transformer-models',
      'Host iris-explainer-models.acme.org', 'DNS label iris-explainer-models',
      'Host iris-models.acme.org', 'DNS label iris-models',
    ]);
  });

  test('objects say their API version', () => {
    const versions = DerivedNames._of(IRIS).all().filter(({ apiVersion }) => apiVersion !== undefined)
      .map(({ kind, apiVersion }) => [kind, apiVersion]);

    expect(versions).toEqual([
      ['Deployment', 'apps/v1'], ['Service', 'v1'], ['HorizontalPodAutoscaler', 'autoscaling/v2'],
      ['HTTPRoute', 'gateway.networking.k8s.io/v1'], ['HTTPRoute', 'gateway.networking.k8s.io/v1'],
    ]);
  });

  test.each(['kubernetes', 'istio'])('with ingress %s one Ingress stands for all routes', (ingress) => {
    expect(listed({ ...IRIS, ingress }).filter((name) => /^(Ingress|HTTPRoute)/.test(name))).toEqual(['Ingress iris']);
  });

  test.each([
    { ingress: 'none' },
    { clusterLocal: true },
    { domain: 'svc.cluster.local' },
  ])('with %p there is no route and no url, but the address inside', (props) => {
    const names = DerivedNames._of({ ...IRIS, ...props });

    expect(names.all().filter(({ kind }) => /^(Ingress|HTTPRoute)/.test(kind))).toEqual([]);
    expect([names.url, names.host, names.componentHost('predictor')]).toEqual([undefined, undefined, undefined]);
    expect(names.internalUrl).toBe('http://iris-predictor.models.svc.cluster.local');
  });

  test('the controller works out hosts even without a route, so their length counts', () => {
    expect(listed({ ...IRIS, ingress: 'none' })).toContain('DNS label iris-predictor-models');
  });

  test.each([
    ['keda', 'ScaledObject iris-predictor'],
    ['hpa', 'HorizontalPodAutoscaler iris-predictor'],
  ])('autoscaler %s makes %s', (autoscaler, object) => {
    expect(listed({ ...IRIS, autoscalerClasses: { predictor: autoscaler } })).toContain(object);
  });

  test.each(['external', 'none'])('autoscaler %s makes nothing', (autoscaler) => {
    expect(listed({ ...IRIS, autoscalerClasses: { predictor: autoscaler } }).filter((name) => /^(ScaledObject|Horizontal)/.test(name))).toEqual([]);
  });

  test('workers have a Deployment, labels and headless Services of their own, and nothing scales', () => {
    const names = listed({ ...IRIS, workers: true });

    expect(names).toEqual(expect.arrayContaining([
      'Deployment iris-predictor-worker', 'Label isvc.iris-predictor-worker', 'Service iris-head-1', 'Service iris-workers-1',
    ]));
    expect(names.filter((name) => name.startsWith('Horizontal'))).toEqual([]);
    expect(listed({ ...IRIS, workers: true, workersService: false })).not.toContain('Service iris-workers-1');
  });

  test('a variant stands before the component in the names of the predictor only', () => {
    const names = DerivedNames._of({ ...IRIS, variant: 'blue', transformer: true });

    expect([names.predictor, names.transformer]).toEqual(['iris-blue-predictor', 'iris-transformer']);
    expect(names.predictorAddress).toBe('iris-blue-predictor.models.svc.cluster.local');
  });

  test('canary predictors have a Deployment and a Service but no route', () => {
    const names = listed({ ...IRIS, canaryVariants: ['green'] });

    expect(names).toContain('Service iris-green-predictor');
    expect(names).not.toContain('HTTPRoute iris-green-predictor');
  });

  test('servers of many models have a ConfigMap', () => {
    expect(listed({ ...IRIS, multiModel: true })).toContain('ConfigMap modelconfig-iris-0');
  });

  test('the transformer takes the requests if there is one', () => {
    expect(DerivedNames._of({ ...IRIS, transformer: true }).internalUrl).toBe('http://iris-transformer.models.svc.cluster.local');
    expect(DerivedNames._of({ ...IRIS, transformer: true }).predictorAddress).toBe('iris-predictor.models.svc.cluster.local');
  });

  test('headless Services need a port, inside the cluster only', () => {
    const names = DerivedNames._of({ ...IRIS, headlessPort: 8080 });

    expect(names.internalUrl).toBe('http://iris-predictor.models.svc.cluster.local:8080');
    expect(names.predictorAddress).toBe('iris-predictor.models.svc.cluster.local:8080');
    expect(names.url).toBe('http://iris-models.acme.org');
  });

  test('urls take scheme, domain and template of the cluster', () => {
    const names = DerivedNames._of({ ...IRIS, urlScheme: 'https', domainTemplate: '{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}', clusterDomain: 'k8s.acme.org' });

    expect(names.url).toBe('https://iris.models.acme.org');
    expect(names.componentHost('predictor')).toBe('iris-predictor.models.acme.org');
    expect(names.internalUrl).toBe('http://iris-predictor.models.svc.k8s.acme.org');
  });

  test('a path template gives a second url, behind the Gateway API only', () => {
    const props = { ...IRIS, pathTemplate: '/serving/{{ .Namespace }}/{{ .Name }}' };

    expect(DerivedNames._of(props).url).toBe('http://iris-models.acme.org');
    expect(DerivedNames._of(props).pathUrl).toBe('http://acme.org/serving/models/iris');
    expect(DerivedNames._of({ ...props, ingress: 'kubernetes' }).pathUrl).toBeUndefined();
    expect(DerivedNames._of(IRIS).pathUrl).toBeUndefined();
  });

  test('with Ingress objects the explainer has the transformer\'s host, and the transformer none', () => {
    const names = DerivedNames._of({ ...IRIS, ingress: 'kubernetes', transformer: true, explainer: true });

    expect(names.componentHost('predictor')).toBe('iris-predictor-models.acme.org');
    expect(names.componentHost('explainer')).toBe('iris-transformer-models.acme.org');
    expect(names.componentHost('transformer')).toBeUndefined();
    expect(DerivedNames._of({ ...IRIS, ingress: 'kubernetes', explainer: true }).componentHost('explainer')).toBe('iris-explainer-models.acme.org');
  });

  test('components that are not there have no host', () => {
    expect(DerivedNames._of(IRIS).componentHost('explainer')).toBeUndefined();
    expect(DerivedNames._of(IRIS).componentAddress('explainer')).toBeUndefined();
    expect(DerivedNames._of({ ...IRIS, explainer: true }).componentAddress('explainer')).toBe('iris-explainer.models.svc.cluster.local');
  });
});

describe('Knative mode', () => {
  const KNATIVE = { ...IRIS, knative: true };

  test('every component has a Knative Service and revisions, the service a VirtualService and a Service', () => {
    expect(listed({ ...KNATIVE, transformer: true })).toEqual([
      'Label iris',
      'Service iris-predictor', 'Label iris-predictor-00001',
      'Service iris-transformer', 'Label iris-transformer-00001',
      'VirtualService iris', 'Service iris',
      'Host iris-predictor.models.acme.org', 'DNS label iris-predictor',
      'Host iris-transformer.models.acme.org', 'DNS label iris-transformer',
      'Host iris.models.acme.org', 'DNS label models',
    ]);
  });

  test('addresses are those of the service itself', () => {
    const names = DerivedNames._of({ ...KNATIVE, transformer: true, urlScheme: 'https' });

    expect(names.url).toBe('https://iris.models.acme.org');
    expect(names.internalUrl).toBe('http://iris.models.svc.cluster.local');
    expect(names.componentHost('predictor')).toBe('iris-predictor.models.acme.org');
  });

  test('without a virtual host addresses are those of the component that takes the requests', () => {
    const names = DerivedNames._of({ ...KNATIVE, virtualHost: false, transformer: true });

    expect(names.url).toBe('http://iris-transformer.models.acme.org');
    expect(names.internalUrl).toBe('http://iris-transformer.models.svc.cluster.local');
    expect(names.all().filter(({ name }) => name === 'iris').map(({ kind }) => kind)).toEqual(['Label']);
  });

  test('a path template makes the url', () => {
    expect(DerivedNames._of({ ...KNATIVE, pathTemplate: '/{{ .Namespace }}/{{ .Name }}' }).url).toBe('http://acme.org/models/iris');
  });

  test.each([
    ['a-predictor-b', 'models', '{{.Name}}.{{.Namespace}}.{{.Domain}}', 'a-b-predictor.models.acme.org'],
    ['iris', 'team-default', '{{.Name}}.{{.Namespace}}.{{.Domain}}', 'iris-predictor.team-default.acme.org'],
    ['iris', 'default', '{{.Name}}-{{.Namespace}}.{{.Domain}}', 'iris.acme.org'],
  ])('cuts the component out of the host as KServe does: %s in %s with %s', (name, namespace, knativeDomainTemplate, host) => {
    expect(DerivedNames._of({ ...KNATIVE, name, namespace, knativeDomainTemplate }).host).toBe(host);
  });

  test('tags begin a Service and a host of their own', () => {
    const names = listed({ ...KNATIVE, splitTraffic: true, tagRouting: true });

    expect(names).toEqual(expect.arrayContaining([
      'Service prev-iris-predictor', 'Service latest-iris-predictor', 'Host prev-iris-predictor.models.acme.org', 'Host latest-iris-predictor.models.acme.org',
    ]));
  });

  test('a service inside the cluster only has no host outside', () => {
    const names = DerivedNames._of({ ...KNATIVE, clusterLocal: true });

    expect(names.url).toBeUndefined();
    expect(names.all().filter(({ kind }) => kind === 'Host')).toEqual([]);
    expect(names.internalUrl).toBe('http://iris.models.svc.cluster.local');
  });
});

describe('what is not known', () => {
  test('without a namespace there is no url, and addresses inside are short', () => {
    const names = DerivedNames._of({ name: 'iris', domain: 'acme.org' });

    expect(names.url).toBeUndefined();
    expect(names.internalUrl).toBe('http://iris-predictor');
    expect(names.predictorAddress).toBe('iris-predictor');
    expect(names.all().filter(({ kind }) => kind === 'Host')).toEqual([]);
  });

  test('a template without the namespace needs none', () => {
    expect(DerivedNames._of({ name: 'iris', domain: 'acme.org', domainTemplate: '{{ .Name }}.{{ .IngressDomain }}' }).url).toBe('http://iris.acme.org');
  });

  test('a template with another variable gives no url and names the variable', () => {
    const names = DerivedNames._of({ ...IRIS, domainTemplate: '{{ .Name }}.{{ .Labels.team }}.{{ .IngressDomain }}', pathTemplate: '/{{ .Domain }}' });

    expect(names.url).toBeUndefined();
    expect(names.unknownVariables()).toEqual(['.Labels.team', '.Domain']);
    expect(DerivedNames._of({ ...IRIS, knative: true, domainTemplate: '{{ .Labels.team }}' }).unknownVariables()).toEqual([]);
  });

  test('deferred parts stay whole', () => {
    const domain = `${new Deferred('domain')}`;
    const name = `${new Deferred('name')}`;

    expect(DerivedNames._of({ ...IRIS, domain }).url).toBe(`http://iris-models.${domain}`);
    expect(DerivedNames._of({ ...IRIS, name, knative: true }).url).toBe(`http://${name}.models.acme.org`);
    expect(DerivedNames._of({ ...IRIS, name }).tooLong()).toEqual([]);
  });
});

describe('lengths', () => {
  test.each<[string, Partial<DerivedNamesProps>, number]>([
    ['Standard, no host known', { namespace: undefined }, 48],
    ['Standard with a transformer, no host known', { namespace: undefined, transformer: true }, 46],
    ['Standard, host by the default template', { namespace: 'models' }, 46],
    ['Standard with workers, no host known', { namespace: undefined, workers: true }, 41],
    ['Standard with variant `blue`, no host known', { namespace: undefined, variant: 'blue' }, 43],
    ['Knative', { knative: true }, 53],
    ['Knative with a transformer', { knative: true, transformer: true }, 51],
    ['Knative with tag `latest`', { knative: true, tagRouting: true }, 46],
    ['Knative with tag `prev`', { knative: true, splitTraffic: true }, 48],
  ])('%s: the longest name has %i characters', (_, props, longest) => {
    expect(DerivedNames._of({ ...IRIS, ...props }).longestName()).toBe(longest);
  });

  test('no name is short enough where the namespace alone fills the host', () => {
    expect(DerivedNames._of({ ...IRIS, namespace: 'n'.repeat(60) }).longestName()).toBe(0);
  });

  test('every name up to the longest is accepted, and the next one is refused', () => {
    const props = fc.record({
      namespace: fc.option(fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/), { nil: undefined }),
      knative: fc.boolean(),
      transformer: fc.boolean(),
      explainer: fc.boolean(),
      workers: fc.boolean(),
      tagRouting: fc.boolean(),
      variant: fc.option(fc.constantFrom('blue', 'v20'), { nil: undefined }),
      domainTemplate: fc.constantFrom('{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}', '{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}', '{{ .Name }}-{{ .Name }}.x.y'),
    });

    fc.assert(fc.property(props, fc.integer({ min: 1, max: 63 }), (given, length) => {
      const longest = DerivedNames._of({ name: 'n', ...given }).longestName();
      const names = DerivedNames._of({ name: 'n'.repeat(length), ...given });
      return (names.tooLong().length === 0) === (length <= longest);
    }));
  });
});

test('labels select the pods of one component', () => {
  expect(DerivedNames._of(IRIS).podLabels('predictor')).toEqual({ 'serving.kserve.io/inferenceservice': 'iris', 'component': 'predictor' });
});

import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { InferenceService, ModelFormat, ModelSource, Predictor } from '../../src';
import { Diagnostics } from '../../src/diagnostics';
import { KServeRelease } from '../../src/release';
import { DeploymentMode, OciModelMode, ServingIngress, ServingTarget, ServingTargetProps, UrlScheme } from '../../src/target';
import { stderrOf } from '../diagnostics/support';
import { diagnose } from '../support/accepted';
import { synthYaml } from '../support/manifests';

function codesOf(app: App): string[] {
  return diagnose(app).map(({ code }) => code);
}

describe('the target of a scope', () => {
  test('is the one that was attached to it', () => {
    const app = new App();
    const target = ServingTarget.attach(app, { release: KServeRelease.V0_18 });

    expect(ServingTarget.of(app)).toBe(target);
    expect(target.attached).toBe(true);
  });

  test('is the nearest one upwards', () => {
    const app = new App();
    const [far, near, other] = ['far', 'near', 'other'].map((id) => new Chart(app, id));
    const root = ServingTarget.attach(app, { cluster: 'root' });
    const own = ServingTarget.attach(near, { cluster: 'own' });

    expect(ServingTarget.of(new Construct(new Construct(near, 'a'), 'b'))).toBe(own);
    expect(ServingTarget.of(new Construct(far, 'a'))).toBe(root);
    expect(ServingTarget.of(other)).toBe(root);
  });

  test('is the same for everybody who asks', () => {
    const app = new App();
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];

    expect(ServingTarget.of(a)).toBe(ServingTarget.of(b));
  });
});

describe('without a target', () => {
  test('a program is for the newest release in Standard mode behind the Gateway API', () => {
    const target = ServingTarget.of(new Chart(new App(), 'chart'));

    expect(target.attached).toBe(false);
    expect(target.release).toBe(KServeRelease.LATEST);
    expect(target.deploymentMode).toBe(DeploymentMode.STANDARD);
    expect(target.ingress.kind).toBe('gatewayApi');
  });

  test('one warning says so, however many ask', () => {
    const app = new App();
    ['a', 'b', 'c'].forEach((id) => ServingTarget.of(new Chart(app, id)));

    expect(diagnose(app)).toEqual([{
      code: 'KSV1004',
      severity: 'warning',
      construct: '',
      message: 'no target is attached, so this is for KServe 0.20.0, and a newer library may write other manifests.',
      fix: "ServingTarget.attach(app, { release: KServeRelease.of('0.20.0') }) before the first construct.",
    }]);
  });

  test('the warning is printed once, without a path, and can be waived', () => {
    const [app, waived] = [new App(), new App()];
    ServingTarget.of(waived);
    Diagnostics.of(waived).waive('KSV1004', 'a test');
    ServingTarget.of(app);

    expect(stderrOf(() => synthYaml(waived))).toBe('');
    expect(stderrOf(() => [synthYaml(app), synthYaml(app)])).toMatch(/^warning KSV1004: no target is attached.*\n +Fix: ServingTarget\.attach.*\n$/);
  });

  test('there is no warning as long as nobody asks, nor when all who ask have one', () => {
    const app = new App();
    const [chart] = [new Chart(app, 'chart'), new Chart(app, 'unasked')];
    ServingTarget.attach(chart);
    ServingTarget.of(new Construct(chart, 'service'));

    expect(codesOf(app)).toEqual([]);
  });
});

describe('a target that comes too late', () => {
  test('is refused, and the construct that asked is named', () => {
    const app = new App();
    const chart = new Chart(app, 'models');
    ServingTarget.of(new Construct(chart, 'iris'));

    expect(() => ServingTarget.attach(app)).toThrow(
      "KSV1002: the target of the app comes too late: 'models/iris' has already read it.\n      Fix: call ServingTarget.attach before you make the constructs that it is for.");
    expect(() => ServingTarget.attach(chart)).toThrow("KSV1002: the target of 'models' comes too late: 'models/iris' has already read it.");
  });

  test('is refused for an object, and when an object has read it', () => {
    const app = new App();
    const chart = new Chart(app, 'models');
    const service = new InferenceService(chart, 'iris', {
      predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://acme-models/iris/v1/') }),
    });

    expect(() => ServingTarget.attach(app)).toThrow("KSV1002: the target of the app comes too late: 'models/iris' has already read it.");
    expect(() => ServingTarget.attach(service)).toThrow("KSV1002: the target of 'models/iris' comes too late: 'models/iris' has already read it.");
  });

  test('is refused when another target has answered', () => {
    const app = new App();
    const chart = new Chart(app, 'models');
    ServingTarget.attach(app, { cluster: 'one' });
    ServingTarget.of(new Construct(chart, 'iris'));

    expect(() => ServingTarget.attach(chart, { cluster: 'other' })).toThrow("KSV1002: the target of 'models' comes too late: 'models/iris' has already read it.");
  });

  test('names who asked first', () => {
    const app = new App();
    ServingTarget.of(app);
    ServingTarget.of(new Chart(app, 'second'));

    expect(() => ServingTarget.attach(app)).toThrow('the app has already read it');
  });

  test('is accepted where it changes no answer', () => {
    const app = new App();
    const [asked, free] = [new Chart(app, 'asked'), new Chart(app, 'free')];
    ServingTarget.attach(app, { cluster: 'one' });
    ServingTarget.of(new Construct(asked, 'iris'));

    const target = ServingTarget.attach(free, { cluster: 'other' });
    const inside = ServingTarget.attach(new Construct(asked, 'free'), { cluster: 'other' });

    expect(ServingTarget.of(new Construct(free, 'iris'))).toBe(target);
    expect(inside.cluster).toBe('other');
    expect(ServingTarget.of(asked).cluster).toBe('one');
  });
});

test('a scope takes one target', () => {
  const app = new App();
  const chart = new Chart(app, 'models');
  ServingTarget.attach(app);
  ServingTarget.attach(chart, { cluster: 'own' });

  expect(() => ServingTarget.attach(chart, { cluster: 'own' })).toThrow(
    "KSV1007: 'models' has a target already.\n      Fix: attach one target, before the constructs that it is for.");
  expect(() => ServingTarget.attach(app)).toThrow('KSV1007: the app has a target already.');
});

describe('the same cluster, attached again', () => {
  const FACTS: ServingTargetProps = {
    release: KServeRelease.V0_19, domain: 'models.acme.org', namespace: 'models', ingress: ServingIngress.kubernetes({ className: 'nginx' }), components: { keda: true },
  };

  test('may have another mode below, with all else as it was', () => {
    const app = new App();
    const chart = new Chart(app, 'models');
    const above = ServingTarget.attach(app, FACTS);

    const below = ServingTarget.attach(chart, { deploymentMode: DeploymentMode.KNATIVE });

    expect(below).toMatchObject({ ...FACTS, cluster: 'default', deploymentMode: DeploymentMode.KNATIVE, attached: true });
    expect(above.deploymentMode).toBe(DeploymentMode.STANDARD);
    expect(ServingTarget.of(new Construct(chart, 'iris'))).toBe(below);
  });

  test('keeps the mode of the target above when it says nothing', () => {
    const app = new App();
    const chart = new Chart(app, 'models');
    const inner = new Construct(chart, 'inner');
    ServingTarget.attach(app, FACTS);
    ServingTarget.attach(chart, { deploymentMode: DeploymentMode.KNATIVE });

    expect(ServingTarget.attach(inner).deploymentMode).toBe(DeploymentMode.KNATIVE);
  });

  test('may be named, and may say the same again', () => {
    const app = new App();
    ServingTarget.attach(app, { ...FACTS, cluster: 'eu' });

    const again = ServingTarget.attach(new Chart(app, 'models'), { ...FACTS, cluster: 'eu', ingress: ServingIngress.kubernetes({ className: 'nginx' }), pathTemplate: undefined });

    expect(again).toMatchObject({ ...FACTS, cluster: 'eu' });
  });

  test.each<[string, ServingTargetProps]>([
    ['release', { release: KServeRelease.V0_20 }],
    ['domain', { domain: 'other.org' }],
    ['ingress', { ingress: ServingIngress.istio() }],
    ['components', { components: { keda: false } }],
    ['runtimes', { runtimes: [] }],
    ['headlessServices', { headlessServices: true }],
    ['release, domain', { release: KServeRelease.V0_20, domain: 'other.org', deploymentMode: DeploymentMode.KNATIVE }],
  ])('cannot have another %s, neither below nor beside', (changed, props) => {
    const [nested, siblings] = [new App(), new App()];
    ServingTarget.attach(nested, FACTS);
    ServingTarget.attach(new Chart(siblings, 'first'), FACTS);

    for (const app of [nested, siblings]) {
      expect(() => ServingTarget.attach(new Chart(app, 'models'), props)).toThrow(
        `KSV1003: 'models' attaches cluster 'default' again with another ${changed}.\n      Fix: change only deploymentMode for a part of a cluster, or name another cluster by \`cluster\`.`);
    }
  });

  test('cannot have other facts above than below', () => {
    const app = new App();
    ServingTarget.attach(new Chart(app, 'models'), { release: KServeRelease.V0_18 });

    expect(() => ServingTarget.attach(app, { release: KServeRelease.V0_20 })).toThrow("KSV1003: the app attaches cluster 'default' again with another release.");
  });

  test('needs only its name for another part of the program', () => {
    const app = new App();
    const [first, second] = [new Chart(app, 'first'), new Chart(app, 'second')];
    ServingTarget.attach(first, { ...FACTS, cluster: 'eu' });

    expect(ServingTarget.attach(second, { cluster: 'eu' })).toMatchObject({ ...FACTS, cluster: 'eu' });
  });

  test('is another one in another app', () => {
    ServingTarget.attach(new App(), { release: KServeRelease.V0_18 });

    expect(ServingTarget.attach(new App(), { release: KServeRelease.V0_20 }).release).toBe(KServeRelease.V0_20);
  });
});

describe('several clusters in one app', () => {
  test('have facts of their own', () => {
    const app = new App();
    const [eu, us] = ['eu', 'us'].map((id) => new Chart(app, id));
    ServingTarget.attach(eu, { cluster: 'eu', release: KServeRelease.V0_18, domain: 'eu.acme.org' });
    ServingTarget.attach(us, { cluster: 'us', release: KServeRelease.V0_20 });

    expect(ServingTarget.of(eu)).toMatchObject({ cluster: 'eu', release: KServeRelease.V0_18, domain: 'eu.acme.org' });
    expect(ServingTarget.of(us)).toMatchObject({ cluster: 'us', release: KServeRelease.V0_20, domain: 'example.com' });
  });

  test('may be nested: another cluster inherits nothing', () => {
    const app = new App();
    ServingTarget.attach(app, { release: KServeRelease.V0_18, domain: 'acme.org', deploymentMode: DeploymentMode.KNATIVE });

    expect(ServingTarget.attach(new Chart(app, 'other'), { cluster: 'other' })).toMatchObject({
      cluster: 'other', release: KServeRelease.LATEST, domain: 'example.com', deploymentMode: DeploymentMode.STANDARD,
    });
  });

  test('a cluster may come back inside another one', () => {
    const app = new App();
    const outer = new Chart(app, 'outer');
    ServingTarget.attach(app, { cluster: 'a', domain: 'a.org' });
    ServingTarget.attach(outer, { cluster: 'b', domain: 'b.org' });

    expect(ServingTarget.attach(new Construct(outer, 'inner'), { cluster: 'a' }).domain).toBe('a.org');
  });
});

describe('the facts of a target', () => {
  test('are those of KServe\'s own ConfigMap when nothing is said', () => {
    expect(ServingTarget.attach(new App())).toMatchObject({
      release: KServeRelease.LATEST,
      cluster: 'default',
      deploymentMode: 'Standard',
      namespace: undefined,
      ingress: { kind: 'gatewayApi', gateway: 'kserve/kserve-ingress-gateway', className: undefined },
      domain: 'example.com',
      domainTemplate: '{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}',
      knativeDomainTemplate: '{{.Name}}.{{.Namespace}}.{{.Domain}}',
      pathTemplate: undefined,
      urlScheme: 'http',
      clusterDomain: 'cluster.local',
      headlessServices: false,
      disableIstioVirtualHost: false,
      components: {},
      knativeFeatures: {},
      allowZeroInitialScale: false,
      runtimesComplete: false,
      storageUriPrefixes: [],
      storageSecretNameAnnotation: 'serving.kserve.io/secretName',
      storageSpecSecretName: 'storage-config',
      customGpuResourceTypes: [],
      ociModelMode: 'modelcar',
      controllerNamespace: 'kserve',
      propagatedHeaders: [],
    });
  });

  test('are what was said', () => {
    const said: Required<ServingTargetProps> = {
      release: KServeRelease.V0_17,
      cluster: 'eu',
      deploymentMode: DeploymentMode.KNATIVE,
      namespace: 'models',
      ingress: ServingIngress.none(),
      domain: 'acme.org',
      domainTemplate: '{{ .Name }}.{{ .IngressDomain }}',
      knativeDomainTemplate: '{{.Name}}.{{.Domain}}',
      pathTemplate: '/serving/{{ .Namespace }}/{{ .Name }}',
      urlScheme: UrlScheme.HTTPS,
      clusterDomain: 'acme.local',
      headlessServices: true,
      disableIstioVirtualHost: true,
      components: { knative: true, keda: false },
      knativeFeatures: { affinity: true },
      allowZeroInitialScale: true,
      runtimes: [{ name: 'own', formats: [{ name: 'onnx' }] }],
      runtimesComplete: false,
      storageUriPrefixes: ['registry://'],
      storageSecretNameAnnotation: 'serving.kserve.io/storageSecretName',
      storageSpecSecretName: 'keys',
      customGpuResourceTypes: ['acme.org/gpu'],
      ociModelMode: OciModelMode.NATIVE,
      controllerNamespace: 'kserve-system',
      propagatedHeaders: ['^X-'],
    };

    expect(ServingTarget.attach(new App(), said)).toMatchObject(said);
  });

  test('of components have three states: there, not there, not known', () => {
    const { components } = ServingTarget.attach(new App(), { components: { knative: true, keda: false } });

    expect([components.knative, components.keda, components.istio]).toEqual([true, false, undefined]);
  });

  test('hold the runtimes that the release installs, which need not be all', () => {
    const { runtimes, runtimesComplete } = ServingTarget.attach(new App(), { release: KServeRelease.V0_20 });

    expect(runtimes).toHaveLength(14);
    expect(runtimes.find(({ name }) => name === 'kserve-sklearnserver')).toEqual({
      name: 'kserve-sklearnserver',
      formats: [{ name: 'sklearn', version: '1', autoSelect: true, priority: 1 }],
      protocolVersions: ['v1', 'v2'],
      multiNode: false,
    });
    expect(runtimesComplete).toBe(false);
  });

  test('take a list of runtimes as the whole one, unless told otherwise', () => {
    const runtimes = [{ name: 'own', formats: [] }];

    expect(ServingTarget.attach(new App(), { runtimes }).runtimesComplete).toBe(true);
    expect(ServingTarget.attach(new App(), { runtimes, runtimesComplete: false }).runtimesComplete).toBe(false);
    expect(ServingTarget.attach(new App(), { runtimesComplete: true }).runtimesComplete).toBe(true);
  });

  test('do not change with the lists and objects that they were made from', () => {
    const app = new App();
    const props = { components: { keda: true }, knativeFeatures: { affinity: true }, runtimes: [{ name: 'own', formats: [] }], customGpuResourceTypes: ['a'] };
    const target = ServingTarget.attach(app, props);

    props.components.keda = false;
    props.knativeFeatures.affinity = false;
    props.runtimes.pop();
    props.customGpuResourceTypes.push('b');
    const again = ServingTarget.attach(new Chart(app, 'chart'));

    for (const { components, knativeFeatures, runtimes, customGpuResourceTypes } of [target, again]) {
      expect({ components, knativeFeatures, runtimes, customGpuResourceTypes }).toEqual({
        components: { keda: true }, knativeFeatures: { affinity: true }, runtimes: [{ name: 'own', formats: [] }], customGpuResourceTypes: ['a'],
      });
    }
  });
});

describe('the namespace of an object', () => {
  function target(chartNamespace?: string, namespace?: string): { chart: Chart; of: (own?: string) => string | undefined } {
    const app = new App();
    const chart = new Chart(app, 'chart', { namespace: chartNamespace });
    const attached = ServingTarget.attach(app, { namespace });
    return { chart, of: (own) => attached._namespaceOf(new Construct(chart, `thing-${own}`), own) };
  }

  test.each([
    ['its own', 'own', 'of-chart', 'of-target', 'own'],
    ['else its chart\'s', undefined, 'of-chart', 'of-target', 'of-chart'],
    ['else the target\'s', undefined, undefined, 'of-target', 'of-target'],
    ['else not known', undefined, undefined, undefined, undefined],
  ])('is %s', (_, own, ofChart, ofTarget, namespace) => {
    expect(target(ofChart, ofTarget).of(own)).toBe(namespace);
  });
});

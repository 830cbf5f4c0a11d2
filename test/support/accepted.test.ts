import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { diagnose, expectClusterAccepts } from './accepted';
import { chartOn } from './chart';
import { describeWithCrds } from './crds';
import { rendered, synth, synthYaml } from './manifests';
import { InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor } from '../../src';
import { Deferred } from '../../src/core/deferred';

const TESTS = join(__dirname, '..');

/** A service, and what a JSON patch writes below its predictor's model. */
function patched(release: KServeRelease, path: string, value: unknown): { chart: Chart; service: InferenceService } {
  const chart = chartOn({ release });
  const service = new InferenceService(chart, 'iris', {
    predictor: Predictor.fromModel({ format: ModelFormat.SKLEARN, source: ModelSource.gcs('gs://acme-models/iris/v1/') }),
  });
  service.addJsonPatch(JsonPatch.add(path, value));
  return { chart, service };
}

const wrong = () => patched(KServeRelease.V0_20, '/spec/predictor/colour', 'red');
const WRONG = 'models/iris spec.predictor.colour: unknown field';
const accepted = { refusedBecause: 'the test says so' };

describeWithCrds('what a test makes', () => {
  test.each<[string, () => unknown]>([
    ['synth of a chart', () => synth(wrong().chart)],
    ['synth of an app', () => synth(wrong().chart.node.root as App)],
    ['synthYaml', () => synthYaml(wrong().chart.node.root as App)],
    ['rendered', () => rendered(wrong().service)],
    ['diagnose', () => diagnose(wrong().chart)],
  ])('is checked by %s', (_, make) => {
    expect(make).toThrow(WRONG);
  });

  test.each<[string, () => unknown]>([
    ['synth', () => synth(wrong().chart, accepted)],
    ['synthYaml', () => synthYaml(wrong().chart.node.root as App, accepted)],
    ['rendered', () => rendered(wrong().service, accepted)],
    ['diagnose', () => diagnose(wrong().chart, accepted)],
  ])('may be refused where the test says why, in %s', (_, make) => {
    expect(make).not.toThrow();
  });

  test('is refused indeed where the test says so', () => {
    const { chart } = patched(KServeRelease.V0_20, '/spec/predictor/hostnameOverride', 'iris');

    expect(() => synth(chart, accepted)).toThrow('a cluster accepts everything in \'models\', although the test says so');
  });

  test('is checked against the release of its target', () => {
    const check = (release: KServeRelease) => () => expectClusterAccepts(patched(release, '/spec/canary', []).chart);

    expect(check(KServeRelease.V0_20)).not.toThrow();
    expect(check(KServeRelease.V0_19)).toThrow('spec.canary: unknown field');
  });

  test('is not checked where the library refuses it', () => {
    const { chart, service } = wrong();
    service.addJsonPatch(JsonPatch.replace('/spec/predictor/model/storageUri', 's3:/x'));

    expect(diagnose(chart).map(({ severity }) => severity)).toContain('error');
    expect(() => rendered(service)).not.toThrow();
  });

  test('may have deferred values anywhere', () => {
    const { chart } = patched(KServeRelease.V0_20, '/spec/predictor/minReplicas', String(new Deferred('replicas')));

    expect(() => expectClusterAccepts(chart)).not.toThrow();
  });

  test('may be of a kind that the tests made up, but of no other kind without a CRD', () => {
    const chart = chartOn();
    const object = (group: string) => new ApiObject(chart, group, { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'a' } });

    expect(() => expectClusterAccepts(object('acme.org'))).not.toThrow();
    expect(() => expectClusterAccepts(object('acme.com'))).toThrow('no cluster knows acme.com/v1 Thing');
  });
});

describe('no test goes around the check', () => {
  /** Where it is needed, and why. */
  const ALLOWED: { [file: string]: string } = {
    'support/accepted.ts': 'the check',
    'support/manifests.ts': 'the checked functions',
    'core/plain-json.test.ts': 'compares what cdk8s and the library write, of kinds made up',
    'diagnostics/diagnostics.test.ts': 'looks at the files that an app writes and at what Diagnostics says, of kinds made up',
    'diagnostics/watch.test.ts': 'counts how often Diagnostics asks, of kinds made up',
    'diagnostics/run-program.ts': 'runs here and on a cluster; rules.test.ts checks what it makes',
    'examples.test.ts': 'writes the files once more; a test there checks the objects',
  };
  const AROUND = /\.synthYaml\(|\.synth\(\)|\.toJson\(|Testing\.synth|Diagnostics\.of\(.*\)\.all\(\)/;

  const files = readdirSync(TESTS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(TESTS, join(entry.parentPath, entry.name)))
    .filter((file) => !/^(cluster|packaging)\//.test(file)); // a real API server; programs for the real command
  const around = files.filter((file) => AROUND.test(readFileSync(join(TESTS, file), 'utf8')));

  test('without a reason', () => {
    expect(around.sort()).toEqual(Object.keys(ALLOWED).sort());
  });
});

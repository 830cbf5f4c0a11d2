import { codesOf, judge, runtime, service } from './support';
import { chartOn } from '../support/chart';
import { Deferred } from '../../src/core/deferred';
import { KServeRelease } from '../../src/release';

function serving(container: object) {
  return runtime({ containers: [{ name: 'kserve-container', image: 'a:1', ...container }] });
}

describe('a template', () => {
  test.each<[string, string]>([
    ['{{.name}}', '{{.name}}, and the metadata of a service has no name'],
    ['{{ .Values.name }}', '{{ .Values.name }}, and the metadata of a service has no Values'],
    ['a {{.Name', 'a template that is not closed'],
    ['{{}}', '{{}}, which is empty'],
    ['{{.Name}}-{{index .Labels "team"}}', '{{index .Labels "team"}}, which has a character that JSON escapes'],
    ['{{if gt .Generation 1 }}&{{ "<" }}', '{{ "<" }}, which has a character that JSON escapes'],
    ['{{.Labels.my-team}}', '{{.Labels.my-team}}, whose key is no plain word: use {{index .Labels `key`}}'],
    ['{{ messages }}', '{{ messages }}, and there is no function messages'],
    ['{{- Name -}}', '{{- Name -}}, and there is no function Name'],
  ])('%j is an error', (text, wrong) => {
    expect(judge(chartOn(), serving({ args: ['--x', text] }))).toMatchObject([
      { code: 'KSV1711', at: '/spec/containers/0/args/1', value: text, message: `contains ${wrong}` },
    ]);
  });

  test.each([
    '--model_name={{.Name}}', '{{ .Namespace }}/{{- .Name -}}', '{{.Labels.team}}', '{{.Annotations.modelFormat}}', '{{index .Labels `acme.org/team`}}',
    '{{if .Labels.team}}x{{else}}y{{end}}', '{{/* said "so" */}}', '{{`{{`}} literal {{`}}`}}', '{{ .Name | len }}', '{{$x := .Name}}', '{%- for m in x %}',
    '}} {', 'plain', '{{.UID}}', '{{.GetName}}', '{{ len .Finalizers }}',
  ])('%j is not', (text) => {
    expect(codesOf(chartOn(), serving({ args: [text] }))).toEqual([]);
  });

  test('is looked for in every string of the serving container and of a collocated transformer, and in no other container', () => {
    const wrong = { env: [{ name: 'A', value: '{{.x}}' }], readinessProbe: { httpGet: { path: '/{{.x}}' } } };
    const containers = ['kserve-container', 'transformer-container', 'metrics'].map((name) => ({ name, ...wrong }));

    expect(judge(chartOn(), runtime({ containers, workerSpec: { containers: [{ name: 'worker-container', ...wrong }] } })).map(({ at }) => at)).toEqual([
      '/spec/containers/0/env/0/value', '/spec/containers/0/readinessProbe/httpGet/path',
      '/spec/containers/1/env/0/value', '/spec/containers/1/readinessProbe/httpGet/path',
    ]);
  });

  test('is looked for in a service\'s model as well, but not in a predictor that has no runtime', () => {
    const model = { modelFormat: { name: 'sklearn' }, args: ['--chat-template={{ messages }}'] };
    const containers = [{ name: 'transformer-container', args: ['{{.x}}'] }, { name: 'metrics', args: ['{{.x}}'] }];

    expect(judge(chartOn(), service(model, { containers })).map(({ code, at }) => [code, at])).toEqual([
      ['KSV1711', '/spec/predictor/model/args/0'], ['KSV1711', '/spec/predictor/containers/0/args/0'],
    ]);
    expect(codesOf(chartOn(), { ...service({}), spec: { predictor: { containers: [{ name: 'kserve-container', args: ['{{.x}}'] }] } } })).toEqual([]);
  });

  test('with a part that is known only at deployment is not judged', () => {
    expect(codesOf(chartOn(), serving({ args: [`{{.x}}${new Deferred('later')}`, new Deferred('later')] }))).toEqual([]);
  });
});

test('the annotation modelFormat is a warning in the release that does not set it', () => {
  const manifest = serving({ args: ['--framework={{.Annotations.modelFormat}}'] });

  expect(codesOf(chartOn({ release: KServeRelease.V0_16 }), manifest)).toEqual(['KSV1712']);
  expect(codesOf(chartOn({ release: KServeRelease.V0_17 }), manifest)).toEqual([]);
});

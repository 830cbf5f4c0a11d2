import { Deferred } from '../../src/core/deferred';
import { expand, unknownActions } from '../../src/core/host-template';

describe('expand', () => {
  test.each([
    ['{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}', 'iris-models.acme.org'],
    ['{{.Name}}.{{.Namespace}}.{{.IngressDomain}}', 'iris.models.acme.org'],
    ['{{- .Name -}}.{{.IngressDomain}}', 'iris.acme.org'],
    ['models.acme.org', 'models.acme.org'],
    ['', ''],
    ['{{ .Name }}{{ .Name }}', 'irisiris'],
  ])('fills %p', (template, host) => {
    expect(expand(template, { Name: 'iris', Namespace: 'models', IngressDomain: 'acme.org' })).toBe(host);
  });

  test.each([
    '{{ .Annotations.team }}.acme.org',
    '{{ index .Labels "team" }}.acme.org',
    '{{ .Team }}.acme.org',
    '{{ Name }}.acme.org',
    '{{ .Name | lower }}.acme.org',
  ])('knows no answer to %p', (template) => {
    expect(expand(template, { Name: 'iris' })).toBeUndefined();
  });

  test('knows no answer where a value is not known', () => {
    expect(expand('{{ .Name }}.{{ .Namespace }}', { Name: 'iris', Namespace: undefined })).toBeUndefined();
  });

  test('does not look into a template that is known at deployment', () => {
    expect(expand(`${new Deferred('template')}.{{ .Name }}`, { Name: 'iris' })).toBeUndefined();
  });

  test('puts deferred values in whole', () => {
    expect(expand('{{ .Name }}.acme.org', { Name: `${new Deferred('name')}` })).toBe(`${new Deferred('name')}.acme.org`);
  });
});

describe('unknownActions', () => {
  test('lists what a template asks for beside the known variables, as it writes it', () => {
    expect(unknownActions('{{ .Name }}.{{ .Annotations.team }}.{{ .Team }}.{{ index .Labels "a" }}', ['Name']))
      .toEqual(['.Annotations.team', '.Team', 'index .Labels "a"']);
  });

  test('lists nothing for known variables', () => {
    expect(unknownActions('{{ .Name }}-{{ .Namespace }}', ['Name', 'Namespace'])).toEqual([]);
  });
});

import { SERVER_CONTAINER, TRANSFORMER_CONTAINER } from '../release/container-names';
import { ContainerView, containersOf, podsOf } from './runtime-view';
import { pointerStep } from '../core/cause';
import { Deferred } from '../core/deferred';
import type { Manifest } from '../core/manifest';
import type { ClusterRule } from '../target/rule-context';

/** Fields of the metadata that a template is evaluated on. */
const METADATA = [
  'Name', 'GenerateName', 'Namespace', 'SelfLink', 'UID', 'ResourceVersion', 'Generation', 'CreationTimestamp', 'DeletionTimestamp',
  'DeletionGracePeriodSeconds', 'Labels', 'Annotations', 'OwnerReferences', 'Finalizers', 'ManagedFields',
];
/** What else a Go template may begin an action with. */
const WORDS = [
  'if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue', 'true', 'false', 'nil', 'and', 'or', 'not', 'call',
  'html', 'js', 'urlquery', 'index', 'slice', 'len', 'print', 'printf', 'println', 'eq', 'ne', 'lt', 'le', 'gt', 'ge',
];

export const BAD_TEMPLATE: ClusterRule = {
  code: 'KSV1711',
  about: ['{{'],
  title: 'A template cannot be evaluated',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService controller: ReplacePlaceholders, InvalidPredictorSpec',
  explanation: 'KServe reads everything between double braces in the serving container, and in a collocated transformer, as a Go template on the metadata of the service; one that fails keeps the service from starting. The container is JSON at that moment, so a template cannot contain double quotes, <, > or &.',
  * check(manifest) {
    for (const view of templatesOf(manifest)) {
      for (const { text, at } of stringsIn(view.container, view.at)) {
        const wrong = faultOf(text);
        if (wrong !== undefined) {
          yield {
            at,
            value: text,
            message: `contains ${wrong}`,
            allowed: '{{.Name}}, {{.Namespace}}, {{.Labels.x}}, {{.Annotations.x}}',
            fix: 'correct the template; write braces that are meant literally as {{`{{`}} and {{`}}`}}.',
          };
        }
      }
    }
  },
};

const NO_FORMAT_ANNOTATION: ClusterRule = {
  code: 'KSV1712',
  title: 'A template uses an annotation that the release does not set',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'InferenceService defaulter: annotation modelFormat from 0.17 on',
  explanation: 'From KServe 0.17 the webhook writes the model\'s format into the annotation `modelFormat`. Before, the template gives the text `<no value>`, unless every service sets the annotation itself.',
  * check(manifest, { target: { release } }) {
    if (release._data.abilities.modelFormatAnnotation || manifest.kind === 'InferenceService') {
      return;
    }
    for (const view of templatesOf(manifest)) {
      for (const { text, at } of stringsIn(view.container, view.at)) {
        if (text.includes('.Annotations.modelFormat')) {
          yield { at, value: text, message: `needs an annotation that KServe ${release} does not set`, fix: 'write the format itself, or set the annotation modelFormat on every service.' };
        }
      }
    }
  },
};

export const TEMPLATE_RULES: ClusterRule[] = [BAD_TEMPLATE, NO_FORMAT_ANNOTATION];

/** The containers that KServe evaluates templates in; a service with a model adds to those of its runtime. */
function templatesOf(manifest: Manifest): ContainerView[] {
  const { predictor } = manifest.spec ?? {};
  if (manifest.kind === 'InferenceService') {
    return predictor?.model === undefined ? [] : [
      { container: predictor.model, at: '/spec/predictor/model' },
      ...templated(containersOf({ pod: predictor, at: '/spec/predictor' })),
    ];
  }
  return templated(podsOf(manifest).slice(0, 1).flatMap(containersOf));
}

function templated(containers: ContainerView[]): ContainerView[] {
  return containers.filter(({ container: { name } }) => !Deferred.is(name) && [SERVER_CONTAINER, TRANSFORMER_CONTAINER].includes(name));
}

/** The strings below a value that have braces in them; what is known only at deployment is left out. */
function* stringsIn(value: unknown, at: string): Iterable<{ text: string; at: string }> {
  if (typeof value === 'string') {
    if (value.includes('{{') && !Deferred.is(value)) {
      yield { text: value, at };
    }
  } else if (typeof value === 'object' && value !== null && !Deferred.is(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* stringsIn(item, at + pointerStep(key));
    }
  }
}

/** An action of a template: braces inside raw strings do not end it. */
const ACTION = /\{\{((?:`[^`]*`|[^`])*?)\}\}/g;

/** What is wrong with the first faulty template in a text. Go's own parser knows more; what is named here is certain. */
function faultOf(text: string): string | undefined {
  for (const [whole, inside] of text.matchAll(ACTION)) {
    const action = inside.replace(/^- | -$/g, '').trim();
    const wrong = action.includes('`') || action.startsWith('/*') ? undefined : faultOfAction(action);
    if (wrong !== undefined) {
      return `${whole}, ${wrong}`;
    }
  }
  return text.replace(ACTION, '').includes('{{') ? 'a template that is not closed' : undefined;
}

function faultOfAction(action: string): string | undefined {
  if (action === '') {
    return 'which is empty';
  }
  if (/["\\<>&\n\t]/.test(action)) {
    return 'which has a character that JSON escapes';
  }
  const [field] = /^\.[^\s|)]+/.exec(action) ?? [];
  if (field !== undefined) {
    const [, first, ...rest] = field.split('.');
    if (!METADATA.includes(first) && !first.startsWith('Get')) {
      return `and the metadata of a service has no ${first}`;
    }
    return rest.every((step) => /^\w+$/.test(step)) ? undefined : 'whose key is no plain word: use {{index .Labels `key`}}';
  }
  const [word] = /^[A-Za-z_]\w*/.exec(action) ?? [];
  return word === undefined || WORDS.includes(word) ? undefined : `and there is no function ${word}`;
}

import { DerivedNames } from '../core/derived-names';
import { Manifest } from '../core/manifest';
import { KEY_VALUES, KEYS } from '../release/keys';
import { DeploymentMode, ServingTarget } from '../target';
import { RuleContext } from '../target/rule-context';
import { componentsOf, modeOf } from '../target/service-view';
import { namesOf, ServiceFacts } from './names';

/** The names that follow from the manifest of an InferenceService. */
export function namesOfManifest(manifest: Manifest, context: RuleContext): DerivedNames {
  return namesOf(context.target, factsOf(manifest, context));
}

/** How long names may be, by what they depend on beside the name: most services of a cluster are alike. */
const longest = new WeakMap<ServingTarget, Map<string, number>>();

/** How many characters the name of a service may have. */
export function longestName(manifest: Manifest, context: RuleContext): number {
  let known = longest.get(context.target);
  if (known === undefined) {
    longest.set(context.target, known = new Map());
  }
  const key = keyOf(manifest, context);
  let length = known.get(key);
  if (length === undefined) {
    known.set(key, length = namesOfManifest(manifest, context).longestName());
  }
  return length;
}

/** All that `factsOf` says and that lengths depend on, but the name. */
function keyOf(manifest: Manifest, context: RuleContext): string {
  const { target, namespace } = context;
  const { labels, annotations } = manifest.metadata;
  const { predictor, transformer, explainer, canary } = manifest.spec ?? {};
  return [
    namespace, modeOf(manifest, target), predictor?.name,
    predictor?.workerSpec === undefined, transformer === undefined, explainer === undefined,
    canary === undefined ? '' : JSON.stringify(factsOf(manifest, context).canaryVariants),
    predictor?.canaryTrafficPercent ?? transformer?.canaryTrafficPercent ?? explainer?.canaryTrafficPercent,
    annotations?.[KEYS.enableTagRouting], labels?.[KEYS.knativeVisibility], labels?.[KEYS.standardVisibility],
  ].join('|');
}

function factsOf(manifest: Manifest, { target, namespace }: RuleContext): ServiceFacts {
  const { name, labels, annotations } = manifest.metadata;
  const { predictor, transformer, explainer, canary } = manifest.spec ?? {};
  const mode = modeOf(manifest, target);
  const components = componentsOf(manifest);
  return {
    name,
    namespace,
    mode,
    transformer: transformer !== undefined,
    explainer: explainer !== undefined,
    workers: predictor?.workerSpec !== undefined,
    variant: predictor?.name,
    canaryVariants: Array.isArray(canary) ? canary.flatMap((one) => one?.predictor?.name ?? []) : undefined,
    autoscalerClasses: Object.fromEntries(components.map(({ name: component, spec }) =>
      [component, spec.annotations?.[KEYS.autoscalerClass] ?? annotations?.[KEYS.autoscalerClass] ?? 'hpa'])),
    splitTraffic: components.some(({ spec }) => spec.canaryTrafficPercent !== undefined),
    tagRouting: annotations?.[KEYS.enableTagRouting] === 'true',
    clusterLocal: labels?.[mode === DeploymentMode.KNATIVE ? KEYS.knativeVisibility : KEYS.standardVisibility] === KEY_VALUES.clusterLocal,
  };
}

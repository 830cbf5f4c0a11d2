import { Deferred } from '../core/deferred';
import { Manifest } from '../core/manifest';
import { KEYS } from '../release/keys';
import { ClusterRule, RuleContext } from '../target/rule-context';
import { known } from './scaling/facts';

const ONE_LIMIT: ClusterRule = {
  code: 'KSV1551',
  title: 'A disruption budget has no limit, or two',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'Kubernetes ValidatePodDisruptionBudgetSpec: minAvailable and maxUnavailable cannot be both set',
  explanation: 'The API server refuses both limits together; a budget with neither protects nothing.',
  * check({ spec }) {
    const { minAvailable, maxUnavailable } = spec;
    if (minAvailable !== undefined && maxUnavailable !== undefined) {
      yield { at: '/spec/maxUnavailable', value: maxUnavailable, message: 'stands beside minAvailable, and only one of them can count', fix: 'keep one of the two.' };
    } else if (minAvailable === undefined && maxUnavailable === undefined) {
      yield { at: '/spec', message: 'says neither minAvailable nor maxUnavailable', fix: 'give podDisruptionBudget one of the two.' };
    }
  },
};

const NO_DRAIN: ClusterRule = {
  code: 'KSV1552',
  title: 'A disruption budget keeps nodes from being drained',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'Kubernetes eviction API: no eviction beyond the budget',
  explanation: 'While the component runs its fewest pods none of them may go, so an upgrade of a node waits for good, or until somebody takes the budget away.',
  * check(manifest, context) {
    const { minAvailable, maxUnavailable } = manifest.spec;
    if (minAvailable !== undefined && maxUnavailable !== undefined) {
      return; // which of them is meant, is not known
    }
    const fewest = fewestPods(manifest, context);
    if (maxUnavailable === 0 || maxUnavailable === '0%') {
      yield { at: '/spec/maxUnavailable', value: maxUnavailable, message: 'lets no pod go', fix: 'give maxUnavailable as 1.' };
    } else if (minAvailable === '100%' || (fewest !== undefined && !Deferred.is(minAvailable) && minAvailable >= fewest && minAvailable > 0)) {
      yield {
        at: '/spec/minAvailable',
        value: minAvailable,
        message: fewest === undefined ? 'lets no pod go' : `lets no pod go while minReplicas, ${fewest}, are all that run`,
        fix: 'raise minReplicas of the component, or give maxUnavailable as 1 instead.',
      };
    }
  },
};

/** The fewest pods that the component runs for which the budget is. */
function fewestPods({ spec }: Manifest, { neighbours, namespace }: RuleContext): number | undefined {
  const labels = spec.selector?.matchLabels ?? {};
  const [service] = neighbours.named('InferenceService', namespace, labels[KEYS.inferenceService]);
  const component = service?.manifest.spec?.[labels[KEYS.component]];
  return component === undefined ? undefined : component.minReplicas === undefined ? 1 : known(component.minReplicas);
}

/** Rules for PodDisruptionBudgets of ours. */
export const POD_DISRUPTION_RULES: ClusterRule[] = [ONE_LIMIT, NO_DRAIN];

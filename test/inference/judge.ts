import { ApiObject, App, Chart } from 'cdk8s';
import { KServeRelease, ServingTarget, ServingTargetProps } from '../../src';
import { Manifest } from '../../src/core/manifest';
import { Neighbours } from '../../src/target/neighbours';
import { ClusterRule, RuleContext } from '../../src/target/rule-context';

/** What is around a manifest that a rule judges. */
export interface Around {
  readonly target?: ServingTargetProps;
  readonly namespace?: string;
  /** Objects of the same chart. */
  readonly others?: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly [field: string]: any }[];
}

/** The surroundings of a manifest in namespace `models` on KServe 0.20. */
export function contextOf({ target = {}, namespace = 'models', others = [] }: Around = {}): RuleContext {
  const app = new App();
  const attached = ServingTarget.attach(app, { release: KServeRelease.V0_20, ...target });
  const chart = new Chart(app, 'models', { namespace });
  others.forEach(({ apiVersion, kind, name, ...fields }, i) => new ApiObject(chart, `Other${i}`, { apiVersion, kind, metadata: { name }, ...fields }));
  return { target: attached, neighbours: Neighbours.of(chart), namespace };
}

/** Where each rule finds something in a manifest, as `code at`. */
export function judge(rules: ClusterRule[], manifest: Partial<Manifest>, around?: Around): string[] {
  return violations(rules, manifest, around).map(({ code, at }) => `${code} ${at}`);
}

/** What the rules find in a manifest, with their codes. */
export function violations(rules: ClusterRule[], manifest: Partial<Manifest>, around?: Around) {
  const context = contextOf(around);
  return rules.flatMap((rule) => [...rule.check({
    apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService', metadata: { name: 'iris' }, ...manifest,
  }, context)].map((violation) => ({ code: rule.code, ...violation })));
}

/** An InferenceService with one predictor in Standard mode. */
export function standard(predictor: object, annotations: { [key: string]: string } = {}): Partial<Manifest> {
  return {
    metadata: { name: 'iris', annotations: { 'serving.kserve.io/deploymentMode': 'Standard', ...annotations } },
    spec: { predictor },
  };
}

/** An InferenceService with one predictor in Knative mode. */
export function knative(predictor: object, annotations: { [key: string]: string } = {}): Partial<Manifest> {
  return {
    metadata: { name: 'iris', annotations: { 'serving.kserve.io/deploymentMode': 'Knative', ...annotations } },
    spec: { predictor },
  };
}

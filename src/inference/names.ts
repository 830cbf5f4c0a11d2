import { DerivedNames } from '../core/derived-names';
import { DerivedNamesProps } from '../core/derived-names-props';
import { DeploymentMode, ServingTarget } from '../target';

/** What a service says about its names; the target says the rest. */
export type ServiceFacts = Pick<DerivedNamesProps,
  'name' | 'namespace' | 'transformer' | 'explainer' | 'workers' | 'variant' | 'canaryVariants' | 'multiModel' | 'autoscalerClasses' | 'splitTraffic' | 'tagRouting' | 'clusterLocal'
> & { readonly mode: DeploymentMode };

/** Port of components behind headless Services. */
const HEADLESS_PORT = 8080;

/** The names that follow from a service on a target. */
export function namesOf(target: ServingTarget, { mode, ...facts }: ServiceFacts): DerivedNames {
  const { abilities } = target.release._data;
  return DerivedNames._of({
    ...facts,
    knative: mode === DeploymentMode.KNATIVE,
    workersService: abilities.workersHeadlessService,
    ingress: target.ingress.kind,
    virtualHost: !target.disableIstioVirtualHost && !(abilities.istioOptional && target.components.istio === false),
    domain: target.domain,
    domainTemplate: target.domainTemplate,
    knativeDomainTemplate: target.knativeDomainTemplate,
    pathTemplate: target.pathTemplate,
    urlScheme: target.urlScheme,
    clusterDomain: target.clusterDomain,
    headlessPort: target.headlessServices && abilities.headlessAddressPort ? HEADLESS_PORT : undefined,
  });
}

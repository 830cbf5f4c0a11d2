import { allUnder, caused, eachCaused, uncaused } from '../core/cause';
import type { Container } from '../core/generated/pod-spec';
import { defined, Fields, nonEmpty, overlaid } from '../core/fields';
import { DeploymentMode } from '../target';
import { ComponentOptions } from './component-options';
import { restrictedContainer, restrictedPod } from './pod-security-contexts';

/** What the service decides about a component. */
export interface ComponentSetting {
  readonly mode: DeploymentMode;
  readonly serviceAccountName?: string;
  /** Labels that the credentials of the pods need. */
  readonly podLabels: { [key: string]: string };
  /** The autoscaler's class, where the components of a service differ in it. */
  readonly annotations: { [key: string]: string };
}

/** What all three components have in common: pods, scaling, logging. */
export function renderComponent(props: ComponentOptions, setting: ComponentSetting, containers: Fields[]): Fields {
  const { podSpec, scaling, logger, batcher, deploymentStrategy } = props;
  return overlaid({
    ...podSpec && eachCaused('podSpec', podSpec),
    ...renderPlacement(props),
    ...scaling && allUnder('scaling', scaling._fields(setting.mode)),
  }, {
    securityContext: props.podSecurity && caused('podSecurity', restrictedPod(podSpec?.securityContext)),
    containers: joinContainers(containers, podSpec?.containers),
    serviceAccountName: caused('serviceAccount', setting.serviceAccountName),
    timeout: caused('timeout', props.timeout?.toSeconds()),
    containerConcurrency: caused('containerConcurrency', props.containerConcurrency),
    logger: logger && caused('logger', logger._render()),
    batcher: batcher && caused('batcher', batcher._render()),
    labels: nonEmpty(setting.podLabels, props.labels && eachCaused('labels', props.labels)),
    annotations: nonEmpty(
      setting.annotations,
      scaling && allUnder('scaling', scaling._annotations(setting.mode)),
      props.annotations && eachCaused('annotations', props.annotations),
    ),
    deploymentStrategy: deploymentStrategy && caused('deploymentStrategy', deploymentStrategy._render()),
  });
}

/** A container with what Pod Security asks for, where the component asks for it. */
export function secured(props: ComponentOptions, container: Fields): Fields {
  return props.podSecurity === undefined
    ? container
    : { ...container, securityContext: caused('podSecurity', restrictedContainer(uncaused(container.securityContext))) };
}

function renderPlacement({ placement, podSpec }: ComponentOptions): Fields | undefined {
  if (placement === undefined) {
    return undefined;
  }
  const { nodeSelector, tolerations, affinity, topologySpreadConstraints } = placement.toPlacementConfiguration();
  return defined({
    nodeSelector: nodeSelector && caused('placement', { ...podSpec?.nodeSelector, ...nodeSelector }),
    tolerations: tolerations && caused('placement', [...podSpec?.tolerations ?? [], ...tolerations]),
    affinity: caused('placement', affinity),
    topologySpreadConstraints: topologySpreadConstraints
      && caused('placement', [...podSpec?.topologySpreadConstraints ?? [], ...topologySpreadConstraints]),
  });
}

/** The component's own containers, each over the first of `podSpec` with the same name; the other ones follow. */
export function joinContainers(own: Fields[], others: readonly Container[] = []): Fields[] | undefined {
  const given = others.map((container, i) => ({ name: container.name, fields: eachCaused(`podSpec.containers[${i}]`, container) }));
  const under = own.map((container) => given.find(({ name }) => name === container.name));
  const all = [
    ...own.map((container, i) => under[i] === undefined ? container : { ...under[i].fields, ...container }),
    ...given.filter((container) => !under.includes(container)).map(({ fields }) => fields),
  ];
  return all.length > 0 ? all : undefined;
}

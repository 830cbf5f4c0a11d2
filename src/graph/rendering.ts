import { allUnder, caused } from '../core/cause';
import { renderResources } from '../core/resources-rendering';
import { defined, Fields } from '../core/fields';
import type { DeploymentMode } from '../target';
import { SELF } from './condition-path';
import type { GraphNode } from './graph-node';
import type { RouterStep } from './graph-spec';
import type { InferenceGraphProps } from './inference-graph-props';
import type { NamedNode } from './named-nodes';
import { OnError, Step } from './step';

/** The `spec` of a graph. */
export function renderSpec(props: InferenceGraphProps, nodes: readonly NamedNode[], mode: DeploymentMode): Fields {
  const { resources, scaling, placement, timeout, serviceAccount } = props;
  const names = new Map(nodes.map(({ node, name }) => [node, name]));
  return {
    nodes: Object.fromEntries(nodes.map(({ node, name, prop }) => [name, caused(prop, renderNode(node, names))])),
    ...defined({
      resources: resources && caused('resources', renderResources(resources)),
      nodeName: caused('nodeName', props.nodeName),
      serviceAccountName: caused('serviceAccount', serviceAccount?.name),
      timeout: caused('timeout', timeout?.toSeconds()),
      routerTimeouts: props.routerTimeouts && caused('routerTimeouts', renderTimeouts(props.routerTimeouts)),
    }),
    ...placement && allUnder('placement', defined({ ...placement.toPlacementConfiguration() })),
    ...scaling && allUnder('scaling', scaling._fields(mode)),
  };
}

function renderTimeouts(timeouts: NonNullable<InferenceGraphProps['routerTimeouts']>): Fields {
  return defined(Object.fromEntries(Object.entries(timeouts).map(([name, duration]) => [name, caused(name, duration?.toSeconds())])));
}

function renderNode(node: GraphNode, names: ReadonlyMap<GraphNode, string>): Fields {
  return {
    routerType: node.routerType,
    steps: node.steps.map((step, i) => caused(`steps[${i}]`, renderStep(step, node.routerType, names))),
  };
}

function renderStep(step: Step, routerType: string, names: ReadonlyMap<GraphNode, string>): Fields {
  const { name, when, input, mapPredictionsToInstances, weight, onError } = step._options;
  const target = renderTarget(step, names);
  const ends = routerType === 'Sequence' || routerType === 'Ensemble';
  return defined({
    name: name === undefined ? target.nodeName ?? target.serviceName : caused('name', name),
    ...target,
    data: caused('input', input),
    mapPredictionsToInstances: caused('mapPredictionsToInstances', mapPredictionsToInstances),
    weight: caused('weight', weight),
    condition: caused('when', when?.path ?? (routerType === 'Switch' ? SELF : undefined)),
    dependency: caused('onError', onError ?? (ends ? OnError.STOP : undefined)),
  });
}

function renderTarget({ _target: target }: Step, names: ReadonlyMap<GraphNode, string>): Pick<RouterStep, 'nodeName' | 'serviceName' | 'serviceUrl'> {
  switch (target.kind) {
    case 'service': return { serviceName: caused('service', target.service.name) };
    case 'node': return { nodeName: caused('node', names.get(target.node)) };
    case 'nodeName': return { nodeName: caused('nodeName', target.name) };
    case 'url': return { serviceUrl: caused('url', target.url) };
    case 'graph': return { serviceUrl: caused('graph', target.graph.internalUrl) };
  }
}

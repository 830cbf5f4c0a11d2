import { caused, eachCaused } from './cause';
import { ContainerOptions } from './container-options';
import { overlaid } from './fields';
import { renderResources } from './resources-rendering';

/** The container of a manifest. */
export function renderContainer(props: ContainerOptions): { [field: string]: any } {
  const { override } = props;
  return overlaid(override === undefined ? {} : eachCaused('override', override), {
    command: props.command && caused('command', [...props.command]),
    args: props.args && caused('args', [...props.args]),
    env: joined(
      props.env && Object.entries(props.env).map(([name, { value, valueFrom }]) => caused(`env.${name}`, { name, value, valueFrom })),
      override?.env?.map((variable, i) => caused(`override.env[${i}]`, { ...variable })),
    ),
    resources: props.resources && caused('resources', renderResources(props.resources)),
    ports: props.ports?.map((port, i) => caused(`ports[${i}]`, { ...port })),
    readinessProbe: caused('readinessProbe', props.readinessProbe),
    livenessProbe: caused('livenessProbe', props.livenessProbe),
    startupProbe: caused('startupProbe', props.startupProbe),
    volumeMounts: joined(
      props.volumeMounts?.map((mount, i) => caused(`volumeMounts[${i}]`, { ...mount })),
      override?.volumeMounts?.map((mount, i) => caused(`override.volumeMounts[${i}]`, { ...mount })),
    ),
    securityContext: caused('securityContext', props.securityContext),
  });
}

function joined(...lists: (unknown[] | undefined)[]): unknown[] | undefined {
  const given = lists.filter((list) => list !== undefined && list.length > 0);
  return given.length === 0 ? undefined : given.flat();
}

import { caused } from './cause';
import { Resources } from './resources';

/** A ResourceRequirements object. */
export function renderResources(resources: Resources): object {
  return {
    requests: side(resources, 'request'),
    limits: side(resources, 'limit'),
  };
}

function side(resources: Resources, which: 'request' | 'limit'): object | undefined {
  const { cpu, memory, ephemeralStorage, gpu, extended } = resources;
  const quantities = {
    'cpu': caused(`cpu.${which}`, cpu?.[which]?.amount),
    'memory': caused(`memory.${which}`, memory?.[which]?.asString()),
    'ephemeral-storage': caused(`ephemeralStorage.${which}`, ephemeralStorage?.[which]?.asString()),
    ...(gpu === undefined ? {} : { [gpu.resource ?? 'nvidia.com/gpu']: caused('gpu.count', String(gpu.count)) }),
    ...Object.fromEntries(Object.entries(extended ?? {}).map(([name, count]) => [name, caused(`extended.${name}`, String(count))])),
  };
  return Object.values(quantities).some((quantity) => quantity !== undefined) ? quantities : undefined;
}

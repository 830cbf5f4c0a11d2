import { caused } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined } from '../core/fields';
import { SERVER_CONTAINER } from '../release/container-names';
import { renderArtifacts, storageUriVariable } from './artifacts';
import { ComponentSetting, renderComponent, secured } from './component';
import { ExplainerShape } from './explainer';
import { withVariables } from './server-container';

/** The `explainer` of a spec. */
export function renderExplainer({ kind, props }: ExplainerShape, setting: ComponentSetting): { [field: string]: any } {
  const { single, several } = renderArtifacts(props);
  const container = renderContainer(props);
  if (kind === 'art') {
    return {
      ...renderComponent(props, setting, []),
      ...several,
      art: secured(props, {
        ...container,
        ...single,
        ...defined({
          type: caused('type', props.type ?? 'SquareAttack'),
          runtimeVersion: caused('runtimeVersion', props.runtimeVersion),
          config: props.config && caused('config', { ...props.config }),
        }),
      }),
    };
  }
  return {
    ...renderComponent(props, setting, [
      secured(props, {
        name: SERVER_CONTAINER, // KServe renames the first container to this
        ...container,
        ...defined({
          image: caused('image', props.image),
          env: withVariables(container.env, [storageUriVariable(props)]),
        }),
      }),
    ]),
    ...several,
  };
}

import { caused } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined } from '../core/fields';
import { SERVER_CONTAINER } from '../release/container-names';
import { renderArtifacts, storageUriVariable } from './artifacts';
import { ComponentSetting, renderComponent, secured } from './component';
import { protocolArgument, protocolVariable, serverPorts, withArguments, withVariables } from './server-container';
import { ContainerTransformerOptions } from './transformer';

/** What a transformer needs to know of its service. */
export interface TransformerSetting extends ComponentSetting {
  /** What the predictor speaks, as the SDK's `--predictor_protocol` wants it. */
  readonly predictorProtocol: string | undefined;
}

/** The `transformer` of a spec. */
export function renderTransformer(props: ContainerTransformerOptions, setting: TransformerSetting): { [field: string]: any } {
  const container = renderContainer(props);
  const further = props.passPredictorProtocol === false ? [] : protocolArgument(setting.predictorProtocol);
  return {
    ...renderComponent(props, setting, [
      secured(props, {
        name: SERVER_CONTAINER, // KServe renames the first container to this
        ...container,
        ...defined({
          image: caused('image', props.image),
          args: withArguments(container.args, further),
          ports: serverPorts(props, container.ports),
          env: withVariables(container.env, [storageUriVariable(props), protocolVariable(props.protocol)]),
        }),
      }),
    ]),
    ...renderArtifacts(props).several,
  };
}

import { caused, itemsOf } from '../core/cause';
import { renderContainer } from '../core/container';
import { defined, Fields } from '../core/fields';
import { TRANSFORMER_CONTAINER } from '../release/container-names';
import type { PredictorSetting } from './predictor-rendering';
import { protocolArgument, protocolVariable, withArguments, withVariables } from './server-container';
import { CollocatedTransformerOptions } from './transformer';

/** Port of the predictor beside a transformer, which has the service's port. */
export const PREDICTOR_PORT = 8085;

/** How the servers of the built-in runtimes are told to listen elsewhere. */
const PORT_ARGUMENT: { [serverType: string]: string } = {
  'sklearnserver': '--http_port',
  'xgbserver': '--http_port',
  'lightgbmserver': '--http_port',
  'lgbserver': '--http_port',
  'pmmlserver': '--http_port',
  'paddleserver': '--http_port',
  'predictiveserver': '--http_port',
  'autogluonserver': '--http_port',
  'huggingfaceserver': '--http_port',
  'tritonserver': '--http-port',
  'tensorflow-serving': '--rest_api_port',
  'vllmserver': '--port',
};

/** The transformer's container in a predictor's pod. */
export function collocated(props: CollocatedTransformerOptions, { service, protocol }: PredictorSetting): Fields {
  const port = props.port ?? 8080;
  const container = renderContainer(props);
  return caused('/transformer', {
    name: TRANSFORMER_CONTAINER,
    ...container,
    ...defined({
      image: caused('image', props.image),
      ports: [caused('port', { containerPort: port, name: 'http1', protocol: 'TCP' }), ...itemsOf(container.ports)],
      args: withArguments(container.args, [
        ['--model_name', service],
        ['--http_port', port],
        ['--predictor_host', `localhost:${props.predictorPort ?? PREDICTOR_PORT}`],
        ...protocolArgument(protocol),
      ]),
      env: withVariables(container.env, [protocolVariable(props.protocol)]),
    }),
  });
}

/** The predictor's container, moved to another port than the transformer's. */
export function predictorBeside(transformer: CollocatedTransformerOptions | undefined, { choice }: PredictorSetting, container: Fields): Fields {
  const argument = transformer && PORT_ARGUMENT[choice()?._serverType ?? ''];
  if (transformer === undefined || argument === undefined) {
    return container;
  }
  return { ...container, args: withArguments(container.args, [[argument, transformer.predictorPort ?? PREDICTOR_PORT]]) };
}

import { FrontContext } from '../../../src/front/context';
import { openApi } from '../../../src/front/http/openapi';

test('components are named as OpenAPI allows, whatever the model is called', () => {
  const metadata = { platform: 'p', inputs: [], outputs: [] };
  const { components, paths } = openApi({ version: '1', registry: { all: () => [{ name: 'org/my model', metadata }] } } as unknown as FrontContext) as { components: { schemas: object }; paths: { [path: string]: unknown } };

  expect(Object.keys(components.schemas)).toEqual(['Error', 'org_my_model_request', 'org_my_model_response']);
  expect(JSON.stringify(paths['/v2/models/org%2Fmy%20model/infer'])).toContain('"$ref":"#/components/schemas/org_my_model_request"');
});

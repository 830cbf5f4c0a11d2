import { greeting } from '../../src/cli/greeting';
import type { RunningServer } from '../../src/serve';

/** What is told of a server with this one model. */
function told(name: string, example: string | undefined, tls = {}): string {
  const metadata = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }] };
  return greeting({ httpPort: 80, grpcPort: 81, context: { settings: { example, ...tls }, registry: { all: () => [{ name, metadata }] } } } as unknown as RunningServer);
}

test('a model is called with a row of its own shape, also one named as the example', () => {
  expect(told('iris', undefined)).toContain('/v1/models/iris:predict -d \'{"instances":[[1,1]]}\'');
});

test('the example is called with a flower, whatever its name', () => {
  expect(told('flowers', 'iris')).toContain('/v1/models/flowers:predict -d \'{"instances":[[5.1,3.5,1.4,0.2]]}\'');
});

test('a server with TLS is called by https, with its certificate trusted', () => {
  const text = told('m', undefined, { ssl_certfile: '/tls/tls.crt', ssl_keyfile: '/tls/tls.key' });

  expect(text).toContain('REST at https://localhost:80,');
  expect(text).toContain('  curl --cacert /tls/tls.crt https://localhost:80/v2/models/m\n');
  expect(text).not.toContain('http://');
});

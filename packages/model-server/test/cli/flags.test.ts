import { helpText, parseFlags } from '../../src/cli/flags';

const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, {});

test('flags are taken in every spelling that KServe\'s users write', () => {
  expect(parse('--model_name=a', '--http-port', '1234', '--enable_grpc', 'false', '--predictor-use-ssl', '--protocol', 'v2').settings).toMatchObject({ model_name: 'a', http_port: 1234, enable_grpc: false, predictor_use_ssl: true, predictor_protocol: 'v2' });
});

test('the model is given by path, by --model_dir, or not at all', () => {
  expect([parse('./m').path, parse('--model_dir=/mnt/models').path, parse().path]).toEqual(['./m', '/mnt/models', undefined]);
});

test('unknown flags and those without effect are warned about, not refused', () => {
  expect(parse('--no_such_flag', 'value', '--max_threads=4', './m')).toMatchObject({ path: './m', warnings: ['flag --no_such_flag is unknown and ignored', 'flag --max_threads has no effect in this server'] });
});

test('the environment fills what flags leave open', () => {
  expect(parseFlags([], { MODEL_NAME: 'e', MULTI_MODEL_SERVER: 'true', PREDICT_PROBA: 'true' }).settings).toMatchObject({ model_name: 'e', multi_model: true, predict_proba: true });
  expect(parseFlags(['--model_name=f'], { MODEL_NAME: 'e' }).settings.model_name).toBe('f');
});

test.each([
  [['--http_port=x'], /--http_port is 'x', but must be an integer of 0 or more/],
  [['--workers', '0'], /must be an integer of 1 or more/],
  [['--placement=gpu'], /must be one of runner, inline/],
  [['--enable_grpc=perhaps'], /must be true or false/],
  [['--http_port'], /needs a value/],
  [['--ssl_certfile=/tls/tls.crt'], /--ssl_keyfile is not given/],
  [['--ssl_keyfile=/tls/tls.key'], /--ssl_certfile is not given/],
])('%j is refused', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

test('the help names flags, defaults, values and environment variables', () => {
  expect(helpText()).toContain('(8080)');
  expect(helpText()).toContain('[runner, inline]');
  expect(helpText()).toMatch(/--model_name +Name of the single model \$MODEL_NAME\n/);
});

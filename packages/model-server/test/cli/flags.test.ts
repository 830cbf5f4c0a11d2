import { helpText, parseFlags } from '../../src/cli/flags';

const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, {});

test('flags are taken in every spelling that KServe\'s users write', () => {
  expect(parse('--model_name=a', '--http-port', '1234', '--enable_grpc', 'false', '--predictor-use-ssl', '--protocol', 'v2').settings).toMatchObject({ model_name: 'a', http_port: 1234, enable_grpc: false, predictor_use_ssl: true, predictor_protocol: 'v2' });
});

test('the model is given by path, by --model_dir, or not at all', () => {
  expect([parse('./m').path, parse('--model_dir=/mnt/models').path, parse().path]).toEqual(['./m', '/mnt/models', undefined]);
});

test('unknown flags and those without effect are warned about, not refused', () => {
  expect(parse('--no_such_flag', 'value', '--max_threads=4', './m')).toMatchObject({ path: './m', warnings: ["flag --no_such_flag is unknown and ignored, with its value 'value'", 'flag --max_threads has no effect in this server'] });
});

test('an unknown flag takes no flag and no = with it', () => {
  expect(parse('--no_such_flag', '--http_port', '80', '--nor_this=1', './m')).toMatchObject({ path: './m', settings: { http_port: 80 }, warnings: ['flag --no_such_flag is unknown and ignored', 'flag --nor_this is unknown and ignored'] });
});

test('a value that looks like a flag is given with =', () => {
  expect(parse('--model_name=--m').settings.model_name).toBe('--m');
});

test('numbers may lie on their bounds', () => {
  expect(parse('--http_port=0', '--grpc_port=65535', '--log_sample=1', '--access_log_sample=0', '--grpc_max_send_message_length=-1').settings).toMatchObject({ http_port: 0, grpc_port: 65535, log_sample: 1, access_log_sample: 0, grpc_max_send_message_length: -1 });
});

test('a health check of a predictor that is not given is warned about', () => {
  expect(parse('--enable_predictor_health_check').warnings).toEqual(['flag --enable_predictor_health_check has no effect without --predictor_host']);
  expect(parse('--enable_predictor_health_check', '--predictor_host=p').warnings).toEqual([]);
});

test('the environment fills what flags leave open', () => {
  expect(parseFlags([], { MODEL_NAME: 'e', MULTI_MODEL_SERVER: 'true', PREDICT_PROBA: 'true' }).settings).toMatchObject({ model_name: 'e', multi_model: true, predict_proba: true });
  expect(parseFlags(['--model_name=f'], { MODEL_NAME: 'e' }).settings.model_name).toBe('f');
});

test.each([
  [['--http_port=x'], /--http_port is 'x', but must be an integer from 0 to 65535/],
  [['--http_port=65536'], /--http_port is '65536', but must be an integer from 0 to 65535/],
  [['--grpc_port=70000'], /--grpc_port is '70000', but must be an integer from 0 to 65535/],
  [['--log_sample=1.1'], /--log_sample is '1.1', but must be a number from 0 to 1/],
  [['--access_log_sample=-0.1'], /--access_log_sample is '-0.1', but must be a number from 0 to 1/],
  [['--grpc_max_send_message_length=-2'], /must be an integer of -1 or more/],
  [['--model_name', '--http_port', '80'], /--model_name needs a value; one that begins with -- is written --model_name=/],
  [['--workers', '-1'], /must be an integer of 0 or more/],
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

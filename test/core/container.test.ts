import { Size } from 'cdk8s';
import { EnvValue } from 'cdk8s-plus-28';
import { trace } from '../../src/core/cause';
import { renderContainer } from '../../src/core/container';
import { ContainerOptions } from '../../src/core/container-options';
import { Deferred } from '../../src/core/deferred';

test('no props render nothing', () => {
  expect(renderContainer({})).toStrictEqual({});
});

test.each<[keyof ContainerOptions, ContainerOptions, object]>([
  ['command', { command: ['python'] }, { command: ['python'] }],
  ['args', { args: ['-m', 'server'] }, { args: ['-m', 'server'] }],
  ['env', { env: { LEVEL: EnvValue.fromValue('debug') } }, { env: [{ name: 'LEVEL', value: 'debug' }] }],
  ['resources', { resources: { memory: { limit: Size.gibibytes(1) } } }, { resources: { limits: { memory: '1Gi' } } }],
  ['ports', { ports: [{ containerPort: 8080, name: 'http1' }] }, { ports: [{ containerPort: 8080, name: 'http1' }] }],
  ['readinessProbe', { readinessProbe: { tcpSocket: { port: 8080 } } }, { readinessProbe: { tcpSocket: { port: 8080 } } }],
  ['livenessProbe', { livenessProbe: { periodSeconds: 5 } }, { livenessProbe: { periodSeconds: 5 } }],
  ['startupProbe', { startupProbe: { failureThreshold: 30 } }, { startupProbe: { failureThreshold: 30 } }],
  ['volumeMounts', { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }, { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }],
  ['securityContext', { securityContext: { runAsNonRoot: true } }, { securityContext: { runAsNonRoot: true } }],
  ['override', { override: { workingDir: '/app', tty: true } }, { workingDir: '/app', tty: true }],
])('%s renders its field and no other', (_prop, props, rendered) => {
  expect(renderContainer(props)).toEqual(rendered);
});

describe('environment variables', () => {
  test('take any value of cdk8s-plus', () => {
    const { env } = renderContainer({
      env: {
        PLAIN: EnvValue.fromValue('1'),
        TOKEN: EnvValue.fromSecretValue({ secret: { name: 'hf' } as any, key: 'token' }),
      },
    });

    expect(env).toEqual([
      { name: 'PLAIN', value: '1' },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'hf', key: 'token' } } },
    ]);
  });

  test('of the prop come before those of the override', () => {
    const { env } = renderContainer({ env: { A: EnvValue.fromValue('1') }, override: { env: [{ name: 'B', value: '2' }] } });

    expect(env).toEqual([{ name: 'A', value: '1' }, { name: 'B', value: '2' }]);
  });

  test('may come from the override alone', () => {
    expect(renderContainer({ override: { env: [{ name: 'B', value: '2' }] } })).toEqual({ env: [{ name: 'B', value: '2' }] });
  });

  test('keep a deferred value whole', () => {
    const { env } = renderContainer({ env: { BUCKET: EnvValue.fromValue(`s3://${new Deferred('bucket')}`) } });

    expect(env).toEqual([{ name: 'BUCKET', value: 's3://⟦kserve:bucket⟧' }]);
  });
});

test('mounts of the prop come before those of the override', () => {
  const { volumeMounts } = renderContainer({
    volumeMounts: [{ name: 'a', mountPath: '/a' }],
    override: { volumeMounts: [{ name: 'b', mountPath: '/b' }] },
  });

  expect(volumeMounts).toEqual([{ name: 'a', mountPath: '/a' }, { name: 'b', mountPath: '/b' }]);
});

test('where override and a prop write the same field, the prop wins', () => {
  expect(renderContainer({
    args: ['typed'],
    readinessProbe: { periodSeconds: 1 },
    override: { args: ['overridden'], readinessProbe: { periodSeconds: 2 }, command: ['kept'] },
  })).toEqual({ args: ['typed'], readinessProbe: { periodSeconds: 1 }, command: ['kept'] });
});

test('a prop that is undefined leaves the field of the override', () => {
  expect(renderContainer({ args: undefined, override: { args: ['kept'] } })).toEqual({ args: ['kept'] });
});

test('each field is caused by its prop', () => {
  const causes = trace(() => renderContainer({
    args: ['a'],
    env: { A: EnvValue.fromValue('1') },
    resources: { memory: { limit: Size.gibibytes(1) } },
    ports: [{ containerPort: 1 }],
    override: { tty: true, env: [{ name: 'B', value: '2' }], volumeMounts: [{ name: 'b', mountPath: '/b' }] },
  }));

  expect(Object.fromEntries(causes)).toEqual({
    '/args': 'args',
    '/env/0': 'env.A',
    '/env/1': 'override.env[0]',
    '/resources': 'resources',
    '/resources/limits/memory': 'resources.memory.limit',
    '/ports/0': 'ports[0]',
    '/tty': 'override.tty',
    '/volumeMounts/0': 'override.volumeMounts[0]',
  });
});

describe("the caller's objects", () => {
  function props() {
    return {
      command: ['a'],
      args: ['b'],
      env: { A: EnvValue.fromValue('1') },
      ports: [{ containerPort: 1 }],
      readinessProbe: { httpGet: { port: 1, httpHeaders: [{ name: 'h', value: 'v' }] } },
      volumeMounts: [{ name: 'a', mountPath: '/a' }],
      override: { env: [{ name: 'B', value: '2' }], volumeMounts: [{ name: 'b', mountPath: '/b' }] },
    };
  }

  test('stay as they are', () => {
    const given = props();

    renderContainer(given);
    trace(() => renderContainer(given));

    expect(given).toEqual(props());
  });

  test('are not the lists that are rendered', () => {
    const given = props();
    const rendered = renderContainer(given);

    rendered.command.push('x');
    rendered.args.push('x');
    rendered.env.push('x');
    rendered.ports.push('x');
    rendered.ports[0].name = 'x';
    rendered.env[1].value = 'x';
    rendered.volumeMounts[0].name = 'x';
    rendered.volumeMounts[1].name = 'x';

    expect(given).toEqual(props());
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeObject } from './bench/client';
import { cluster } from './bench/suite';
import { VERIFIED } from './bench/verified';
import { EFFECT_PROGRAMS } from './support/effects';
import { observeAll, rowName } from './support/effects/run';
import { ALWAYS_SO, NOT_FOR_THE_CLUSTER, UNSEEN } from './support/effects/unseen';
import { kubernetesStructs, libraryStructs } from './support/library-props';

/** Structs of Kubernetes that stand inside of others; the fields of these two are looked at one by one. */
const INSIDE_OTHERS = kubernetesStructs().filter((struct) => !['PodSpecOverride', 'Container'].includes(struct));

const SHOWN = new Set(EFFECT_PROGRAMS.flatMap(({ shows }) => Object.keys(shows)));

/** Why a prop is not looked at, if it is not. */
const unseen = (struct: string, prop: string): string | undefined => UNSEEN[`${struct}.${prop}`] ?? UNSEEN[`${struct}.*`];

const STORED = '{"type": "s3", "bucket": "b", "access_key_id": "a", "secret_access_key": "s"}';

/** What the programs refer to. */
function prerequisites(namespace: string): KubeObject[] {
  const { abilities } = cluster().release._data;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bench-account', namespace } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'storage-config', namespace }, stringData: { 'given-key': STORED, 'log-key': STORED } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'log-keys', namespace }, stringData: { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'log-account', namespace }, secrets: [{ name: 'log-keys' }] },
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'effects' }, handler: 'effects' },
    ...abilities.storageContainerName ? [{
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ClusterStorageContainer',
      metadata: { name: 'zz-effects-named' },
      spec: { container: { name: 'storage-initializer', image: 'example/named:1' }, supportedUriFormats: [{ prefix: 'gs://effects-named/' }] },
    }] : [],
  ];
}

describe('every prop has an effect', () => {
  test('that a program shows, or that cannot be seen for a reason', () => {
    const notForTheCluster = Object.values(NOT_FOR_THE_CLUSTER).flat();
    const structs = [...libraryStructs()].filter(([struct]) => !notForTheCluster.includes(struct) && !INSIDE_OTHERS.includes(struct));
    const props = structs.flatMap(([struct, names]) => names.map((prop) => ({ struct, prop, name: `${struct}.${prop}` })));

    expect(props.filter(({ struct, prop, name }) => !SHOWN.has(name) && unseen(struct, prop) === undefined).map(({ name }) => name)).toEqual([]);
    expect(props.filter(({ struct, prop, name }) => SHOWN.has(name) && unseen(struct, prop) !== undefined).map(({ name }) => name)).toEqual([]);
    expect([...SHOWN].filter((name) => !props.some((prop) => prop.name === name))).toEqual([]);
  });

  test('that no other program shows by the same name', () => {
    const rows = EFFECT_PROGRAMS.flatMap((program) => Object.keys(program.shows).map((prop) => rowName(program, prop)));

    expect(rows.filter((row, i) => rows.indexOf(row) !== i)).toEqual([]);
  });

  test('on the objects that KServe makes, or the library says that it has none', async () => {
    const namespace = await cluster().namespace('effects');
    await Promise.all(prerequisites(namespace).map((object) => cluster().client.apply(object)));

    const rows = await observeAll(cluster(), namespace, EFFECT_PROGRAMS);

    mkdirSync(VERIFIED, { recursive: true });
    writeFileSync(join(VERIFIED, `${cluster().kserve}-${cluster().mode}.json`), JSON.stringify(rows.map(({ others: _, ...row }) => row), undefined, 1));
    const silent = rows.filter(({ prop, refused, warnings, changes }) =>
      ALWAYS_SO[cluster().mode][prop] === undefined && refused === undefined && warnings!.length === 0 && changes.length === 0);
    expect(silent.map(({ prop, others }) => ({ prop, others: others.slice(0, 8) }))).toEqual([]);
  });
});

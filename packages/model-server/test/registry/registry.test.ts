import { symlinkSync } from 'node:fs';
import { pino } from 'pino';
import { parseFlags } from '../../src/cli/flags';
import { ServerError } from '../../src/errors';
import { Metrics } from '../../src/metrics/registry';
import { Layout, ModelSource } from '../../src/model/layout';
import { ModelOpener } from '../../src/registry/opener';
import { ModelRegistry } from '../../src/registry/registry';
import { ServedModel } from '../../src/registry/served';
import { folderWith } from '../support/server';

/** Openings that wait for the test, which tells how they end. */
interface Opening {
  readonly name: string;
  end(error?: Error): void;
}

let openings: Opening[];
let closed: string[];
let release: (() => void) | undefined;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  openings = [];
  closed = [];
  release = undefined;
  let generation = 0;
  jest.spyOn(ModelOpener.prototype, 'open').mockImplementation(({ name }: ModelSource) => new Promise((resolve, reject) => {
    const label = `${name}#${++generation}`;
    const executor = {
      unready: undefined,
      submit: () => undefined,
      close: async () => {
        if (release !== undefined) {
          await new Promise<void>((done) => { release = done; });
        }
        closed.push(label);
      },
    };
    openings.push({ name: label, end: (error) => (error === undefined ? resolve({ name, version: undefined, ready: true, executor } as unknown as ServedModel) : reject(error)) });
  }));
});

afterEach(() => jest.restoreAllMocks());

/** A registry over a folder with these models, which begins to open them. */
function begin(names: readonly string[], flags: readonly string[] = []): { registry: ModelRegistry; opened: Promise<void> } {
  const root = folderWith(Object.fromEntries(['a', 'b', 'c'].map((name) => [`${name}/model.bst`, '{"learner":{},"version":[2,0,0]}'])));
  const sourceOf = (name: string): ModelSource => ({ name, format: 'trees', path: `${root}/${name}/model.bst`, folder: `${root}/${name}`, config: {}, ignored: [] }) as unknown as ModelSource;
  const registry = new ModelRegistry(parseFlags(flags, {}).settings, new Metrics(), pino({ level: 'silent' }), () => '');
  const layout = { root, kind: 'many', models: new Map(names.map((name) => [name, [sourceOf(name)]])), broken: new Map() } as unknown as Layout;
  return { registry, opened: registry.open(layout, true) };
}

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', (error: ServerError) => error.code);

test('an unload during the start waits for the model and lets go of it', async () => {
  const { registry, opened } = begin(['a']);
  await turn();
  const unloaded = registry.unload('a');
  await turn();
  openings[0]!.end();
  await Promise.all([opened, unloaded]);

  expect({ closed, index: registry.index(false).map(({ name, reason }) => [name, reason]) }).toEqual({ closed: ['a#1'], index: [['a', 'not loaded'], ['b', 'not loaded'], ['c', 'not loaded']] });
});

test('a load that waited for a failed first one serves', async () => {
  const { registry } = begin([]);
  const first = codeOf(registry.load('a'));
  const second = codeOf(registry.load('a'));
  await turn();
  openings[0]!.end(new ServerError('invalid', 'broken'));
  await turn();
  openings[1]!.end();

  expect([await first, await second]).toEqual(['invalid', 'ok']);
  expect(registry.names).toEqual(['a']);
});

test('a first load that fails leaves nothing', async () => {
  const { registry } = begin([]);
  const load = codeOf(registry.load('a'));
  await turn();
  openings[0]!.end(new ServerError('invalid', 'broken'));

  expect(await load).toBe('invalid');
  expect(() => registry.find('a')).toThrow('Model with name a does not exist.');
});

test('a load answers when the new version serves, and the next waits until the old one has gone', async () => {
  const { registry, opened } = begin(['a']);
  await turn();
  openings[0]!.end();
  await opened;
  release = () => undefined;
  const second = registry.load('a');
  await turn();
  openings[1]!.end();
  await second;
  const third = registry.load('a');
  await turn();
  const early = openings.length;
  release();
  release = undefined;
  await turn();
  openings[2]!.end();
  await third;
  await turn();

  expect({ early, closed }).toEqual({ early: 2, closed: ['a#1', 'a#2'] });
});

test('--max_models holds at the start and for models that failed there', async () => {
  const { registry, opened } = begin(['a', 'b'], ['--max_models=1']);
  await turn();
  openings[0]!.end();
  await opened;

  expect(openings.map(({ name }) => name)).toEqual(['a#1']);
  expect(registry.index(false).map(({ name, state, reason }) => [name, state, reason])).toEqual([
    ['a', 'READY', ''],
    ['b', 'UNAVAILABLE', '1 models are loaded, as many as --max_models allows'],
    ['c', 'UNAVAILABLE', 'not loaded'],
  ]);
  expect(await codeOf(registry.load('b'))).toBe('exhausted');
  expect(await codeOf(registry.load('c'))).toBe('exhausted');
});

test('a folder by way of a link is in the index before it is loaded', () => {
  const root = folderWith({ 'a/model.bst': '{"learner":{},"version":[2,0,0]}' });
  symlinkSync('a', `${root}/linked`);
  const registry = new ModelRegistry(parseFlags([], {}).settings, new Metrics(), pino({ level: 'silent' }), () => '');
  void registry.open({ root, kind: 'multi', models: new Map(), broken: new Map() }, true);

  expect(registry.index(false).map(({ name, reason }) => [name, reason])).toEqual([['a', 'not loaded'], ['linked', 'not loaded']]);
});

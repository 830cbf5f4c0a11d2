import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runConfig } from '../../image/image';
import { DEBIAN_RELEASE, NODE_VERSION } from '../../image/lock';
import { EXTERNAL } from '../../scripts/bundle';

const PACKAGE = join(__dirname, '..', '..');
const ROOT = join(PACKAGE, '..', '..');

interface Instruction { readonly name: string; readonly rest: string }

/** The stages of a Dockerfile: each an image and the instructions on it. */
function stages(): { readonly from: string; readonly instructions: Instruction[] }[] {
  const text = readFileSync(join(PACKAGE, 'image', 'Dockerfile'), 'utf8').replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  const all: { from: string; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line)!;
    if (name === 'FROM') {
      all.push({ from: rest!, instructions: [] });
    } else {
      all.at(-1)!.instructions.push({ name: name!, rest: rest! });
    }
  }
  return all;
}

const restOf = (instructions: readonly Instruction[], name: string): string[] => instructions.filter((one) => one.name === name).map(({ rest }) => rest);

test('the Dockerfile runs what the image without an engine runs: base, user, environment, ports and program', () => {
  const [build, final] = stages();
  const config = runConfig({});
  const { instructions } = final!;
  const base = `node:${NODE_VERSION}-${DEBIAN_RELEASE}-slim`;

  expect([build!.from, final!.from]).toEqual([`${base} AS build`, base]);
  expect({
    User: restOf(instructions, 'USER')[0],
    Entrypoint: JSON.parse(restOf(instructions, 'ENTRYPOINT')[0]!) as unknown,
    Env: restOf(instructions, 'ENV').flatMap((rest) => rest.split(' ')),
    ExposedPorts: restOf(instructions, 'EXPOSE').flatMap((rest) => rest.split(' ')).map((port) => `${port}/tcp`),
    WorkingDir: restOf(instructions, 'WORKDIR')[0],
    StopSignal: restOf(instructions, 'STOPSIGNAL')[0],
  }).toEqual({
    User: config.User,
    Entrypoint: config.Entrypoint,
    // the base image has its own PATH
    Env: config.Env.filter((one) => !one.startsWith('PATH=')),
    ExposedPorts: Object.keys(config.ExposedPorts),
    WorkingDir: config.WorkingDir,
    StopSignal: config.StopSignal,
  });
});

test('the Dockerfile names files that exist and installs what the bundle leaves out', () => {
  const [build] = stages();
  const [run] = restOf(build!.instructions, 'RUN');
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { dependencies: object; devDependencies: { [name: string]: string } };
  const packages = EXTERNAL.filter((name) => !name.startsWith('.') && !name.includes('*') && name !== 'esbuild');

  expect([...run!.matchAll(/(?:scripts|packages)\/[\w./-]+\.(?:ts|json)/g)].map(([path]) => path!).filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(PACKAGE, path)))).toEqual([]);
  expect(packages.filter((name) => !(name in dependencies) && !run!.includes(`"dependencies.${name}=$ort"`))).toEqual([]);
  expect(devDependencies['onnxruntime-node']).toMatch(/^\d+\.\d+\.\d+$/);
});

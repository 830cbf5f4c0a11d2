import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { allExamples, runExample } from '../../../scripts/examples';
import { DeploymentMode, Diagnostics, KServeRelease, ServingTarget, ServingTargetProps } from '../../../src';
import { CASES } from '../../diagnostics/cases';
import { runProgram } from '../../diagnostics/run-program';
import { compiled, ROOT, snippetsOf } from '../../support/snippets';
import { KubeObject } from '../bench/client';
import { KindOfCluster } from '../bench/clusters';
import { ClusterHandle } from '../bench/handle';

/** What a program makes for one cluster. */
export interface ClusterProgram {
  readonly name: string;
  /** Empty where `refused` is not. */
  readonly objects: KubeObject[];
  /** Why the library refuses the program for this cluster: the text of its errors. */
  readonly refused?: string;
  /** What would be applied if nobody minded the errors. */
  readonly anyway: KubeObject[];
  /** Codes of all findings, or of what was thrown. */
  readonly codes: string[];
}

/** Every program that this repository shows as right: examples, snippets of pages, and the right programs of all rules. */
export function rightPrograms(cluster: ClusterHandle): ClusterProgram[] {
  return [
    ...examplePrograms(cluster),
    ...snippetPrograms(cluster),
    ...Object.entries(CASES).map(([code, { right }]) => programFor(cluster, `right program of ${code}`, () => runProgram(right))),
  ];
}

/** The examples. Each can be loaded once in a test file. */
export function examplePrograms(cluster: ClusterHandle): ClusterProgram[] {
  return allExamples().map((example) => programFor(cluster, `example ${example.name}`, () => {
    const { error } = runExample(example, tmpdir());
    if (error !== undefined) {
      throw error;
    }
  }));
}

function snippetPrograms(cluster: ClusterHandle): ClusterProgram[] {
  // the programs of docs/diagnostics.md are those of the rules' cases
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md') && file !== 'diagnostics.md').map((file) => `docs/${file}`)];
  return pages.flatMap(snippetsOf).filter(({ refused }) => refused.length === 0)
    .map((snippet) => programFor(cluster, snippet.at, () => compiled(snippet)(require, {})));
}

/** Runs a program as if it had been written for the cluster's release and, where it does not choose, its mode. */
export function programFor(cluster: KindOfCluster, name: string, run: () => unknown): ClusterProgram {
  const { attach } = ServingTarget;
  const { synth } = App.prototype;
  const apps = new Set<App>();
  const silenced = [jest.spyOn(process.stderr, 'write').mockReturnValue(true), jest.spyOn(console, 'log').mockReturnValue()];
  const facts = factsOf(cluster);
  ServingTarget.attach = (scope: IConstruct, props: ServingTargetProps = {}) => {
    apps.add(scope.node.root as App);
    return attach.call(ServingTarget, scope, { ...facts, ...props, release: facts.release });
  };
  App.prototype.synth = function () {
    apps.add(this); // its objects are all that is wanted
  };
  try {
    run();
    const made = [...apps];
    const codes = made.flatMap((app) => Diagnostics.of(app).all()).map(({ code }) => code);
    const errors = made.flatMap((app) => Diagnostics.of(app).errors());
    const anyway: KubeObject[] = made.flatMap((app) => app.node.findAll()).filter(ApiObject.isApiObject).map((object) => object.toJson());
    return errors.length > 0
      ? { name, codes, anyway, objects: [], refused: errors.map(({ code, message }) => `${code}: ${message}`).join('\n') }
      : { name, codes, anyway, objects: made.flatMap((app) => app.charts).flatMap((chart) => chart.toJson()) };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return { name, codes: code === undefined ? [] : [code], anyway: [], objects: [], refused: message };
  } finally {
    ServingTarget.attach = attach;
    App.prototype.synth = synth;
    silenced.forEach((spy) => spy.mockRestore());
  }
}

/** What the library is told of a cluster. */
export function factsOf(cluster: KindOfCluster): ServingTargetProps {
  return {
    release: KServeRelease.of(cluster.kserve),
    deploymentMode: cluster.mode === 'standard' ? DeploymentMode.STANDARD : DeploymentMode.KNATIVE,
  };
}

import type { Duration } from 'cdk8s';
import type { IServiceAccount } from 'cdk8s-plus-28';
import type { Resources } from '../core';
import type { IPlacement, Scaling } from '../inference';
import type { DeploymentMode } from '../target';
import type { GraphNode } from './graph-node';

/** Limits that the router keeps by itself. Zero is no limit. */
export interface RouterTimeouts {
  /**
   * For reading a request.
   *
   * @default Duration.seconds(60)
   */
  readonly serverRead?: Duration;
  /**
   * For a whole request. When it is over the router closes the connection without an answer.
   *
   * @default Duration.seconds(60)
   */
  readonly serverWrite?: Duration;
  /**
   * For the next request on an open connection.
   *
   * @default Duration.seconds(180)
   */
  readonly serverIdle?: Duration;
  /**
   * For each call of a step to its service. When it is over the graph answers 500.
   *
   * @default - no limit
   */
  readonly serviceClient?: Duration;
}

/** Props of an InferenceGraph. */
export interface InferenceGraphProps {
  /** The node where every request begins. */
  readonly root: GraphNode;

  /**
   * Further nodes by name, for steps that lead to a node by name.
   *
   * @default - the nodes that steps lead to, named after the steps
   */
  readonly nodes?: { [name: string]: GraphNode };

  /**
   * How KServe runs the router. It can never change while the graph lives.
   *
   * @default - the target's mode
   */
  readonly deploymentMode?: DeploymentMode;

  /**
   * Name of the graph, which is part of its address.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Namespace of the graph and of the services that it calls.
   *
   * @default - the chart's, else the target's
   */
  readonly namespace?: string;

  /**
   * Labels of the graph.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the graph.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Whether the graph is reachable inside the cluster only. Knative mode; in
   * Standard mode no graph is reachable from outside.
   *
   * @default false
   */
  readonly clusterLocal?: boolean;

  /**
   * Whether the router is taken away while the object stays.
   *
   * @default false
   */
  readonly stopped?: boolean;

  /**
   * CPU and memory of the router.
   *
   * @default - what KServe's ConfigMap says
   */
  readonly resources?: Resources;

  /**
   * How many routers run. By CPU or memory in Standard mode, by requests in Knative mode.
   *
   * @default - one at least; Knative then adds some without limit, Standard mode runs one
   */
  readonly scaling?: Scaling;

  /**
   * On which nodes of the cluster the router runs.
   *
   * @default - any
   */
  readonly placement?: IPlacement;

  /**
   * Name of the one node of the cluster on which the router runs.
   *
   * @default - any
   */
  readonly nodeName?: string;

  /**
   * The account that the router runs as.
   *
   * @default - the namespace's default account
   */
  readonly serviceAccount?: IServiceAccount;

  /**
   * How long a request may take. Knative mode only: its proxy then answers 504.
   *
   * @default - Knative's default, 5 minutes
   */
  readonly timeout?: Duration;

  /**
   * Limits that the router keeps by itself.
   *
   * @default - KServe's: 60 seconds for a request, none for a call
   */
  readonly routerTimeouts?: RouterTimeouts;
}

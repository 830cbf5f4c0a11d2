import { Construct } from 'constructs';
import { caused } from '../core/cause';
import { DerivedNames } from '../core/derived-names';
import { ProgramViolation } from '../diagnostics/rule';
import { problemsAt } from '../model/problem';
import { Account, bindAccount } from '../model/service-account';
import { KEYS } from '../release/keys';
import { defaultProtocol } from '../runtime/default-protocol';
import { referenceProblems } from '../runtime/reference';
import { RuntimeChoice } from '../runtime/runtime-choice';
import { DeploymentMode, ServingTarget } from '../target';
import { Neighbours } from '../target/neighbours';
import { InferenceProtocol } from '../target/inference-protocol';
import { NO_NAMESPACE } from '../target/rules';
import { hasCredentials, sourcesOf } from './artifacts';
import { BoundComponent, BoundPredictor } from './bound-component';
import { ComponentSetting } from './component';
import { ComponentOptions } from './component-options';
import { namesOf } from './names';
import { renderExplainer } from './explainer-rendering';
import { InferenceServiceProps } from './inference-service-props';
import { addPodDisruptionBudget } from './pod-disruption-object';
import { ArtifactOptions } from './predictor';
import { renderPredictor } from './predictor-rendering';
import { addScaledObject } from './scaling/scaled-object';
import { speaksGrpc } from './server-container';
import { renderTransformer } from './transformer-rendering';

type ComponentName = 'predictor' | 'transformer' | 'explainer';

/** Where the components of a service stand. */
interface Place {
  readonly name: string;
  readonly namespace?: string;
  readonly mode: DeploymentMode;
  readonly target: ServingTarget;
}

/** The components of a service: what they need from it, and what they render together. */
export class Binding {
  /** The protocol to write: that of the program, or the one without which no runtime serves the format. */
  private readonly protocol: InferenceProtocol | undefined;
  private readonly parts: [ComponentName, ComponentOptions & ArtifactOptions][];
  private readonly accounts: { [component in ComponentName]?: Account };
  /** The autoscaler of each component that chooses one. */
  private readonly autoscalers: { readonly [component in ComponentName]?: string };
  private derived?: DerivedNames;
  private bound?: { readonly predictor: BoundPredictor; readonly transformer?: BoundComponent; readonly explainer?: BoundComponent };

  /** Makes the accounts, beside the service and before it, so that they are there when the controller looks for them. */
  constructor(private readonly scope: Construct, id: string, private readonly place: Place, private readonly props: InferenceServiceProps) {
    const { predictor, transformer, explainer } = props;
    this.parts = [['predictor', predictor._shape.props]];
    if (transformer?._shape.kind === 'container') {
      this.parts.push(['transformer', transformer._shape.props]);
    }
    if (explainer !== undefined) {
      this.parts.push(['explainer', explainer._shape.props]);
    }
    const { kind, props: served } = predictor._shape;
    this.protocol = served.protocol
      ?? (kind === 'model' && served.runtime === undefined ? defaultProtocol(served.format.name, place.target.release) : undefined);
    this.accounts = this.bindAccounts(id);
    this.autoscalers = this.chooseAutoscalers();
  }

  get predictor(): BoundPredictor {
    return this.boundParts.predictor;
  }

  get transformer(): BoundComponent | undefined {
    return this.boundParts.transformer;
  }

  get explainer(): BoundComponent | undefined {
    return this.boundParts.explainer;
  }

  /** The names that follow from the service. */
  get names(): DerivedNames {
    const { place: { name, namespace, mode, target }, props } = this;
    return this.derived ??= namesOf(target, {
      name,
      namespace,
      mode,
      clusterLocal: props.clusterLocal ?? false,
      transformer: this.parts.some(([component]) => component === 'transformer'),
      explainer: props.explainer !== undefined,
      workers: this.hasWorkers,
      autoscalerClasses: this.autoscalers,
      tagRouting: props.tagRouting ?? false,
    });
  }

  /** The `spec` of the service. */
  render(): { [field: string]: unknown } {
    const { predictor, transformer, explainer } = this.props;
    return {
      predictor: caused('predictor', renderPredictor(predictor._shape, {
        ...this.settingOf('predictor'),
        service: this.place.name,
        protocol: this.protocol,
        choice: () => this.choice(),
        transformer: transformer?._shape.kind === 'collocated' ? transformer._shape.props : undefined,
      })),
      ...transformer?._shape.kind === 'container' && {
        transformer: caused('transformer', renderTransformer(transformer._shape.props, {
          ...this.settingOf('transformer'),
          predictorProtocol: this.predictorProtocol(),
        })),
      },
      ...explainer && { explainer: caused('explainer', renderExplainer(explainer._shape, this.settingOf('explainer'))) },
    };
  }

  /** Makes the objects beside the service that its components ask for. */
  addObjects(service: Construct): void {
    const { namespace } = this.place;
    for (const [component, { scaling, podDisruptionBudget }] of this.parts) {
      if (scaling?._scaledObject !== undefined || podDisruptionBudget !== undefined) {
        const id = pascalCase(component);
        const name = this.names[component]!;
        addScaledObject(service, `${id}ScaledObject`, `${component}.scaling`, scaling, { name, namespace });
        addPodDisruptionBudget(service, `${id}PodDisruptionBudget`, `${component}.podDisruptionBudget`, podDisruptionBudget, {
          name, namespace, labels: this.names.podLabels(component),
        });
      }
    }
  }

  /** Annotations of the service that follow from its components. */
  annotations(): { [key: string]: string } {
    const agreed = this.agreedAutoscaler();
    return agreed === undefined ? {} : { [this.autoscalerKey]: caused('predictor.scaling', agreed) };
  }

  /** What is wrong with the values that the components are made of. */
  * problems(): Iterable<ProgramViolation> {
    if (this.place.namespace === undefined) {
      yield { rule: NO_NAMESPACE, ...NO_NAMESPACE_MESSAGE };
    }
    yield* this.props.explainer?._problems ?? [];
    const { _shape: { kind, props: served } } = this.props.predictor;
    if (kind === 'model' && served.runtime !== undefined) {
      yield* referenceProblems('predictor.runtime', served.runtime, this.place.namespace);
    }
    for (const [component, props] of this.parts) {
      for (const { prop, source } of sourcesOf(props)) {
        yield* problemsAt(`${component}.${prop}`, source._problems);
      }
      yield* problemsAt(`${component}.scaling`, props.scaling?._problems() ?? []);
    }
    for (const account of new Set(Object.values(this.accounts))) {
      yield* account.problems();
    }
  }

  /** One account for all components whose needs are the same, else one each. */
  private bindAccounts(id: string): { [component in ComponentName]?: Account } {
    if (this.parts.every(([, props]) => props.serviceAccount === undefined && !hasCredentials(props))) {
      return NO_ACCOUNTS;
    }
    const needs = this.parts.map(([component, props]) => ({
      component,
      given: props.serviceAccount,
      credentials: sourcesOf(props).flatMap(({ prop, source }) => source.credentials === undefined ? []
        : [{ prop: `${component}.${prop}.credentials`, credentials: source.credentials }]),
    }));
    const making = needs.filter(({ given, credentials }) => given === undefined && credentials.length > 0);
    const [first] = making;
    const same = making.every(({ credentials }) => credentials.length === first.credentials.length
      && credentials.every((one, i) => one.credentials === first.credentials[i].credentials));
    const accounts: { [component in ComponentName]?: Account } = {};
    for (const need of needs) {
      if (same && need !== first && making.includes(need)) {
        accounts[need.component] = accounts[first.component];
      } else if (need.credentials.length > 0 || need.given !== undefined) {
        accounts[need.component] = bindAccount(this.scope, {
          id: same ? `${id}.service-account` : `${id}.${need.component}.service-account`,
          name: same ? this.place.name : `${this.place.name}-${need.component}`,
          namespace: this.place.namespace,
          ...need,
        });
      }
    }
    return accounts;
  }

  /** What the service decides about a component. */
  private settingOf(component: ComponentName): ComponentSetting {
    const account = this.accounts[component];
    const autoscaler = this.agreedAutoscaler() === undefined ? this.autoscalers[component] : undefined;
    return {
      mode: this.place.mode,
      serviceAccountName: account?.name,
      podLabels: account?.podLabels ?? {},
      annotations: autoscaler === undefined ? {} : { [this.autoscalerKey]: caused(`${component}.scaling`, autoscaler) },
    };
  }

  /** The autoscaler's class stands on the service where the components agree, and on each component where they do not. */
  private agreedAutoscaler(): string | undefined {
    const { autoscalers: { predictor }, parts } = this;
    return parts.every(([component]) => this.autoscalers[component] === predictor) ? predictor : undefined;
  }

  private chooseAutoscalers(): { [component in ComponentName]?: string } {
    const classes: { [component in ComponentName]?: string } = {};
    for (const [component, { scaling }] of this.parts) {
      const none = component === 'predictor' && this.hasWorkers && this.place.mode === DeploymentMode.STANDARD ? 'none' : undefined;
      const autoscaler = scaling?._autoscalerClass(this.place.mode) ?? none;
      if (autoscaler !== undefined) {
        classes[component] = autoscaler;
      }
    }
    return classes;
  }

  private get autoscalerKey(): string {
    return this.place.mode === DeploymentMode.KNATIVE ? KEYS.knativeClass : KEYS.autoscalerClass;
  }

  private get hasWorkers(): boolean {
    const { _shape: shape } = this.props.predictor;
    return shape.kind === 'model' && shape.workers !== undefined;
  }

  private get boundParts() {
    const address = (component: ComponentName) => this.names.componentAddress(component)!;
    const boundOf = (component: ComponentName) => this.parts.some(([part]) => part === component)
      ? BoundComponent._of(address(component), this.accounts[component]?.name) : undefined;
    return this.bound ??= {
      predictor: BoundPredictor._of(address('predictor'), this.accounts.predictor?.name, () => this.choice()),
      transformer: boundOf('transformer'),
      explainer: boundOf('explainer'),
    };
  }

  /** What the predictor speaks, as the SDK's `--predictor_protocol` wants it. */
  private predictorProtocol(): string | undefined {
    const { _shape: { kind, props } } = this.props.predictor;
    const grpc = speaksGrpc(this.protocol, kind === 'model' ? props.transport : undefined);
    return grpc ? InferenceProtocol.GRPC_V2 : this.protocol ?? this.choice()?.protocol;
  }

  private choice(): RuntimeChoice | undefined {
    const { _shape: shape } = this.props.predictor;
    return shape.kind === 'container' ? undefined : RuntimeChoice._of({
      format: shape.props.format.name,
      version: shape.props.format.version,
      protocol: this.protocol,
      runtime: shape.props.runtime?.name,
      multiNode: shape.workers !== undefined,
      namespace: this.place.namespace,
    }, { target: this.place.target, neighbours: Neighbours.of(this.scope) });
  }
}

const NO_ACCOUNTS = {};

function pascalCase(component: ComponentName): string {
  return component[0].toUpperCase() + component.slice(1);
}

const NO_NAMESPACE_MESSAGE = {
  message: 'the service is in no namespace that is known here, so its URL is not known and what depends on the namespace is not checked',
  fix: 'new Chart(app, id, { namespace: … }), or ServingTarget.attach(…, { namespace: … }).',
};

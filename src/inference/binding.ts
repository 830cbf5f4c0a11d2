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
import { Protocol } from '../target/protocol';
import { NO_NAMESPACE } from '../target/rules';
import { sourcesOf } from './artifacts';
import { BoundComponent, BoundPredictor } from './bound-component';
import { ComponentSetting } from './component';
import { ComponentOptions } from './component-options';
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
  readonly names: DerivedNames;
}

/** The components of a service: what they need from it, and what they render together. */
export class Binding {
  readonly predictor: BoundPredictor;
  readonly transformer?: BoundComponent;
  readonly explainer?: BoundComponent;
  /** Annotations of the service that follow from its components. */
  readonly annotations: { [key: string]: () => string | undefined } = {};

  private readonly target: ServingTarget;
  private readonly accounts: { [component in ComponentName]?: Account };
  private readonly settings: { [component in ComponentName]?: ComponentSetting } = {};
  /** The protocol to write: that of the program, or the one without which no runtime serves the format. */
  private readonly protocol: Protocol | undefined;
  private readonly parts: [ComponentName, ComponentOptions & ArtifactOptions][];

  constructor(private readonly scope: Construct, private readonly place: Place, private readonly props: InferenceServiceProps) {
    const { predictor, transformer, explainer } = props;
    this.target = ServingTarget.of(scope);
    this.parts = [['predictor', predictor._shape.props]];
    if (transformer?._shape.kind === 'container') {
      this.parts.push(['transformer', transformer._shape.props]);
    }
    if (explainer !== undefined) {
      this.parts.push(['explainer', explainer._shape.props]);
    }
    const { kind, props: served } = predictor._shape;
    this.protocol = served.protocol
      ?? (kind === 'model' && served.runtime === undefined ? defaultProtocol(served.format.name, this.target.release) : undefined);
    this.accounts = this.bindAccounts();
    this.settleAutoscalers();
    const address = (component: ComponentName) => place.names.componentAddress(component)!;
    this.predictor = BoundPredictor._of(address('predictor'), this.accounts.predictor?.name, () => this.choice());
    this.transformer = transformer?._shape.kind === 'container' ? BoundComponent._of(address('transformer'), this.accounts.transformer?.name) : undefined;
    this.explainer = explainer && BoundComponent._of(address('explainer'), this.accounts.explainer?.name);
  }

  /** The `spec` of the service. */
  render(): { [field: string]: unknown } {
    const { predictor, transformer, explainer } = this.props;
    return {
      predictor: caused('predictor', renderPredictor(predictor._shape, {
        ...this.settings.predictor!,
        service: this.place.name,
        protocol: this.protocol,
        choice: () => this.choice(),
        transformer: transformer?._shape.kind === 'collocated' ? transformer._shape.props : undefined,
      })),
      ...transformer?._shape.kind === 'container' && {
        transformer: caused('transformer', renderTransformer(transformer._shape.props, {
          ...this.settings.transformer!,
          predictorProtocol: this.predictorProtocol(),
        })),
      },
      ...explainer && { explainer: caused('explainer', renderExplainer(explainer._shape, this.settings.explainer!)) },
    };
  }

  /** Makes the objects beside the service that its components ask for. */
  addObjects(): void {
    const { names, namespace } = this.place;
    for (const [component, props] of this.parts) {
      const id = pascalCase(component);
      addScaledObject(this.scope, `${id}ScaledObject`, `${component}.scaling`, props.scaling, { name: names[component]!, namespace });
      addPodDisruptionBudget(this.scope, `${id}PodDisruptionBudget`, `${component}.podDisruptionBudget`, props.podDisruptionBudget, {
        name: names[component]!, namespace, labels: names.podLabels(component),
      });
    }
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
  private bindAccounts(): { [component in ComponentName]?: Account } {
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
          id: same ? 'ServiceAccount' : `${pascalCase(need.component)}ServiceAccount`,
          name: same ? this.place.name : `${this.place.name}-${need.component}`,
          namespace: this.place.namespace,
          ...need,
        });
      }
    }
    return accounts;
  }

  /** The autoscaler's class stands on the service where the components agree, and on each component where they do not. */
  private settleAutoscalers(): void {
    const { mode } = this.place;
    const key = mode === DeploymentMode.KNATIVE ? KEYS.knativeClass : KEYS.autoscalerClass;
    const classes = this.parts.map(([component, props]) => {
      const workers = component === 'predictor' && this.props.predictor._shape.kind === 'model' && this.props.predictor._shape.workers !== undefined;
      return { component, prop: `${component}.scaling`, value: props.scaling?._autoscalerClass(mode) ?? (workers ? 'none' : undefined) };
    });
    const agreed = classes.every(({ value }) => value === classes[0].value);
    if (agreed && classes[0].value !== undefined) {
      this.annotations[key] = () => caused(classes[0].prop, classes[0].value);
    }
    for (const { component, prop, value } of classes) {
      this.settings[component] = {
        mode,
        serviceAccountName: this.accounts[component]?.name,
        podLabels: this.accounts[component]?.podLabels ?? {},
        annotations: agreed || value === undefined ? {} : { [key]: caused(prop, value) },
      };
    }
  }

  /** What the predictor speaks, as the SDK's `--predictor_protocol` wants it. */
  private predictorProtocol(): string | undefined {
    const { _shape: { kind, props } } = this.props.predictor;
    const grpc = speaksGrpc(this.protocol, kind === 'model' ? props.transport : undefined);
    return grpc ? Protocol.GRPC_V2 : this.protocol ?? this.choice()?.protocol;
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
    }, { target: this.target, neighbours: Neighbours.of(this.scope) });
  }
}

function pascalCase(component: ComponentName): string {
  return component[0].toUpperCase() + component.slice(1);
}

const NO_NAMESPACE_MESSAGE = {
  message: 'the service is in no namespace that is known here, so its URL is not known and what depends on the namespace is not checked',
  fix: 'new Chart(app, id, { namespace: … }), or ServingTarget.attach(…, { namespace: … }).',
};

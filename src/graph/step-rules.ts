import type { ManifestViolation } from '../diagnostics/rule';
import type { ClusterRule } from '../target/rule-context';
import type { RouterStep } from './graph-spec';
import { known, nodesOf, NodeView, stepsOf } from './graph-view';

const FIRST_CONDITION: ClusterRule = {
  code: 'KSV2006',
  title: 'The first step of a sequence has a condition',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'Conditions of a sequence look at the previous answer, and before the first step there is none: the router answers every request with 500, "invalid response".',
  * check(manifest) {
    for (const { type, steps: [first] } of nodesOf(manifest).values()) {
      if (type === 'Sequence' && first?.step.condition) {
        yield { at: `${first.at}/condition`, value: first.step.condition, message: 'has no previous answer to look at', fix: 'to choose by the request, use GraphNode.switchOn around the sequence.' };
      }
    }
  },
};

const TARGETS = ['nodeName', 'serviceName', 'serviceUrl'] as const;

const ONE_TARGET: ClusterRule = {
  code: 'KSV2008',
  title: 'A step has no target or several',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_graph_validation.go validateInferenceGraphSingleStepTargets',
  explanation: 'A step leads to one node, one service or one URL.',
  * check(manifest) {
    for (const { step, label, at } of stepsOf(manifest)) {
      const given = TARGETS.filter((target) => step[target]);
      if (given.length !== 1) {
        yield { at, message: `has ${given.join(' and ') || 'no target'}: step ${label} leads to one thing`, allowed: 'exactly one of nodeName, serviceName, serviceUrl', fix: 'use one of Step.toService, Step.toNode, Step.toUrl, with a value that is not empty.' };
      }
    }
  },
};

const SAME_NAME: ClusterRule = {
  code: 'KSV2009',
  title: 'Two steps of a node have the same name',
  severity: 'error',
  origin: 'webhook',
  bites: 'create',
  mirrors: 'inference_graph_validation.go validateInferenceGraphStepNameUniqueness',
  explanation: 'In an ensemble the answers are told apart by the names of the steps; the webhook wants different names in every node. A step without a name is called after its service or node.',
  * check(manifest) {
    for (const { name: node, steps } of nodesOf(manifest).values()) {
      const seen = new Set<string>();
      for (const { step: { name }, at } of steps) {
        if (name && known(name) !== undefined && seen.has(name)) {
          yield { at: `${at}/name`, value: name, message: `is the name of another step of node '${node}' as well`, fix: 'give one of them another name: { name: … }.' };
        }
        seen.add(name ?? '');
      }
    }
  },
};

const NO_EFFECT: { field: keyof RouterStep; types: string[]; prop: string; where: string }[] = [
  { field: 'condition', types: ['Sequence', 'Switch'], prop: 'when', where: 'sequences and switches' },
  { field: 'weight', types: ['Splitter'], prop: 'weight', where: 'splitters' },
  { field: 'data', types: ['Sequence'], prop: 'input', where: 'sequences' },
  { field: 'mapPredictionsToInstances', types: ['Sequence'], prop: 'mapPredictionsToInstances', where: 'sequences' },
  { field: 'dependency', types: ['Sequence', 'Ensemble'], prop: 'onError', where: 'sequences and ensembles' },
];

const IGNORED: ClusterRule = {
  code: 'KSV2018',
  title: 'A setting of a step has no effect in its node',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go routeStep: each router type reads its own fields',
  explanation: 'KServe accepts every field at every step, and the router reads only those of the node\'s type.',
  * check(manifest) {
    for (const { name, type, steps } of nodesOf(manifest).values()) {
      for (const { field, prop, where } of NO_EFFECT.filter((one) => !one.types.includes(type))) {
        for (const { step, at } of steps) {
          if (step[field] !== undefined && step[field] !== false) {
            yield { at: `${at}/${field}`, value: step[field], message: `is not read in '${name}', which is a ${`${type}`.toLowerCase()}`, allowed: `${prop} in ${where}`, fix: 'leave it out, or put the step into a node of that type.' };
          }
        }
      }
    }
  },
};

const DATA: ClusterRule = {
  code: 'KSV2019',
  title: 'A step asks for data that the router does not know',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go: data counts only if it is exactly $response',
  explanation: 'Whatever else `data` says, `$response.predictions` for one, the step gets the original request; the first step of a sequence always does.',
  * check(manifest) {
    for (const { type, steps } of nodesOf(manifest).values()) {
      for (const { step: { data }, index, at } of type === 'Sequence' ? steps : []) {
        if (known(data) !== undefined && data !== '$request' && data !== '$response') {
          yield { at: `${at}/data`, value: data, message: 'means the original request', allowed: '$request, $response', fix: 'use StepInput.PREVIOUS; for predictions only, together with mapPredictionsToInstances: true.' };
        } else if (data === '$response' && index === 0) {
          yield { at: `${at}/data`, value: data, message: 'means the original request, because no answer comes before the first step', fix: 'leave input out.' };
        }
      }
    }
  },
};

const CONDITION: ClusterRule = {
  code: 'KSV2020',
  title: 'A condition does not say what it seems to',
  severity: 'error',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go: gjson.GetBytes(…).Exists()',
  explanation: 'The router tests whether a path finds something; `=` and `<` mean something only inside `#(…)`. The form `{ .x == 1 }` in the comments of KServe\'s CRD names a field that no body has, or makes an object that always exists.',
  * check(manifest) {
    for (const { type, steps } of nodesOf(manifest).values()) {
      for (const { step: { condition }, at } of type === 'Sequence' || type === 'Switch' ? steps : []) {
        if (known(condition) === undefined ? condition === undefined && type === 'Switch' : !soundCondition(condition!, type)) {
          yield {
            at: condition === undefined ? at : `${at}/condition`,
            value: condition,
            message: condition ? 'compares outside of #(…), so it is read as the name of a field' : 'is no condition: no request takes this branch',
            fix: 'use a factory of Condition, such as Condition.equalTo(\'predictions.0\', \'dog\'); the default branch is Condition.otherwise().',
          };
        }
      }
    }
  },
};

/** Whether a path compares, if at all, only inside of queries. */
function soundCondition(path: string, type: string): boolean {
  if (path === '') {
    return type !== 'Switch';
  }
  if (/^\{\s*[.$]/.test(path)) {
    return false;
  }
  const withoutQueries = path.replace(/\\./g, '').replace(/"[^"]*"/g, '');
  let depth = 0;
  for (let i = 0; i < withoutQueries.length; i++) {
    const char = withoutQueries[i];
    if (char === '(' || char === '[') {
      depth += char === '(' || withoutQueries[i - 1] === '#' || depth > 0 ? 1 : 0;
    } else if (char === ')' || char === ']') {
      depth = Math.max(0, depth - 1);
    } else if (depth === 0 && '=<>%'.includes(char)) {
      return false;
    }
  }
  return true;
}

const URL_FORM = /^https?:\/\/[^/\s]+/;

const URL_RULE: ClusterRule = {
  code: 'KSV2022',
  title: 'The URL of a step is none',
  severity: 'error',
  origin: 'ours',
  bites: 'runtime',
  explanation: 'KServe takes any text. The router cannot call anything but http and https URLs and answers 500.',
  * check(manifest) {
    for (const { step: { serviceUrl }, at } of stepsOf(manifest)) {
      if (serviceUrl && known(serviceUrl) !== undefined && !URL_FORM.test(serviceUrl)) {
        yield { at: `${at}/serviceUrl`, value: serviceUrl, message: 'is no address that the router can call', allowed: 'http://… or https://…', fix: 'give the whole URL, with scheme, host and path.' };
      }
    }
  },
};

const MASKED: ClusterRule = {
  code: 'KSV2017',
  title: 'The graph hides how a step failed',
  severity: 'warning',
  origin: 'controller',
  bites: 'runtime',
  mirrors: 'cmd/router/main.go routeStep',
  explanation: 'A sequence that ends because a condition does not hold answers 200, whatever the step before answered; a switch without a matching branch answers 404 only at the root, and 500 from within another node; an ensemble answers 200 although a member that may fail did.',
  * check(manifest) {
    const inner = new Set(stepsOf(manifest).map(({ step }) => step.nodeName));
    for (const node of nodesOf(manifest).values()) {
      yield* maskedIn(node, inner.has(node.name));
    }
  },
};

function* maskedIn({ name, type, steps }: NodeView, inner: boolean): Iterable<ManifestViolation> {
  if (type === 'Sequence') {
    for (const [index, { step, label }] of steps.entries()) {
      const before = steps[index - 1];
      if (step.condition && before !== undefined && before.step.dependency !== 'Hard' && !looksForError(step)) {
        yield {
          at: before.step.dependency === undefined ? before.at : `${before.at}/dependency`,
          message: `lets a failure of ${before.label} pass as 200: if the condition of ${label} does not hold for its error, that is the answer`,
          fix: `stop at errors of ${before.label} (onError: OnError.STOP), or give ${label} a condition that looks for the error, such as Condition.exists('error').`,
        };
      }
    }
  }
  if (type === 'Switch' && inner && steps.length > 0 && !steps.some(({ step }) => step.condition === '@this')) {
    yield {
      at: `${steps[0].at.slice(0, steps[0].at.lastIndexOf('/steps'))}`,
      message: `answers 500 instead of 404 when no branch matches, because '${name}' is inside another node`,
      fix: 'add a last step without a condition.',
    };
  }
}

function looksForError({ condition }: RouterStep): boolean {
  return known(condition) === undefined || /error/i.test(condition!);
}

/** Rules on single steps of a graph. */
export const STEP_RULES: ClusterRule[] = [FIRST_CONDITION, ONE_TARGET, SAME_NAME, IGNORED, DATA, CONDITION, URL_RULE, MASKED];

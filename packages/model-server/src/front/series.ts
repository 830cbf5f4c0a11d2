import { ServerError, STATUSES } from '../errors';
import { Outcome, OUTCOMES, Protocol, PROTOCOLS } from '../metrics/catalogue';
import { Histogram, Value } from '../metrics/registry';
import { ServedModel } from '../registry/served';

/** Outcomes of statuses that are not told by their hundred. */
const OUTCOME_OF: { readonly [status: number]: Outcome } = { 429: 'overload', 499: 'cancelled', 501: 'client_error', 503: 'overload', 504: 'timeout' };

/** How a call that ends so is counted, whichever protocol it came by. */
export function outcomeOf(error: ServerError | undefined): Outcome {
  if (error === undefined) {
    return 'success';
  }
  const status = STATUSES[error.code].http;
  return OUTCOME_OF[status] ?? (status < 500 ? 'client_error' : 'server_error');
}

/** Series of a model that every request touches, looked up once. */
interface Series {
  readonly preprocess: Histogram;
  readonly predict: Histogram;
  readonly postprocess: Histogram;
  readonly explain: Histogram;
  readonly queueTime: Histogram;
  readonly byProtocol: { readonly [P in Protocol]: { readonly duration: Histogram; readonly outcomes: { readonly [O in Outcome]: Value } } };
}

const each = <K extends string, V>(keys: readonly K[], make: (key: K) => V): { readonly [P in K]: V } => Object.fromEntries(keys.map((key) => [key, make(key)])) as { [P in K]: V };

const SERIES = new WeakMap<ServedModel, Series>();

export function seriesOf(model: ServedModel): Series {
  let series = SERIES.get(model);
  if (series === undefined) {
    const { metrics } = model;
    series = {
      preprocess: metrics.histogram('preprocess'),
      predict: metrics.histogram('predict'),
      postprocess: metrics.histogram('postprocess'),
      explain: metrics.histogram('explain'),
      queueTime: metrics.histogram('queueTime'),
      byProtocol: each(PROTOCOLS, (protocol) => ({
        duration: metrics.histogram('duration', protocol),
        outcomes: each(OUTCOMES, (outcome) => metrics.value('requests', protocol, outcome)),
      })),
    };
    SERIES.set(model, series);
  }
  return series;
}

/** Names by which KServe knows the containers of a pod; the same in every release. */

/** The container of a runtime that serves the model. */
export const SERVER_CONTAINER = 'kserve-container';

/** The container of the workers. */
export const WORKER_CONTAINER = 'worker-container';

/** A collocated transformer. */
export const TRANSFORMER_CONTAINER = 'transformer-container';

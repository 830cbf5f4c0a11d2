/**
 * How KServe runs a service.
 *
 * The mode of a live service can never change: delete it and create it anew.
 *
 * @see https://kserve.github.io/website/docs/admin-guide/overview
 */
export enum DeploymentMode {
  /** Plain Deployments, Services and HorizontalPodAutoscalers; formerly `RawDeployment`. */
  STANDARD = 'Standard',
  /** Knative Services: scale to zero, revisions, traffic split between them; formerly `Serverless`. */
  KNATIVE = 'Knative',
}

/** A level of Kubernetes' Pod Security Standards. */
export enum PodSecurity {
  /** What namespaces with label `pod-security.kubernetes.io/enforce: restricted` ask for. The image must not run as root. */
  RESTRICTED = 'restricted',
}

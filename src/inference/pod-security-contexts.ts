import type { PodSecurityContext, SecurityContext } from '../core/generated/pod-spec';

const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

/**
 * What level `restricted` asks of a pod, over the fields that it leaves free.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedPod(given: PodSecurityContext = {}): PodSecurityContext {
  return { ...given, runAsNonRoot: true, seccompProfile: given.seccompProfile ?? RUNTIME_DEFAULT };
}

/** What level `restricted` asks of a container, over the fields that it leaves free. */
export function restrictedContainer(given: SecurityContext = {}): SecurityContext {
  return {
    ...given,
    runAsNonRoot: true,
    seccompProfile: given.seccompProfile ?? RUNTIME_DEFAULT,
    allowPrivilegeEscalation: false,
    capabilities: { ...given.capabilities, drop: ['ALL'] },
  };
}

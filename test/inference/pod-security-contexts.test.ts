import { PodSecurity, Predictor } from '../../src';
import { restrictedContainer, restrictedPod } from '../../src/inference/pod-security-contexts';
import { expectAccepted, itWithCrds } from '../support/crds';
import { IRIS, serviceOf } from './support';

test('a restricted pod runs as another user than root, under the default seccomp profile', () => {
  expect(restrictedPod()).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
});

test('a restricted container cannot gain privileges', () => {
  expect(restrictedContainer()).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  });
});

test('what the level leaves free is kept, what it asks for is not', () => {
  expect(restrictedPod({ fsGroup: 1000, runAsNonRoot: false, seccompProfile: { type: 'Localhost', localhostProfile: 'p' } }))
    .toEqual({ fsGroup: 1000, runAsNonRoot: true, seccompProfile: { type: 'Localhost', localhostProfile: 'p' } });
  expect(restrictedContainer({ runAsUser: 1000, allowPrivilegeEscalation: true, capabilities: { add: ['NET_BIND_SERVICE'], drop: ['KILL'] } })).toEqual({
    runAsUser: 1000,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
    allowPrivilegeEscalation: false,
    capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
  });
});

itWithCrds('a component that asks for the level is accepted by every release', () => {
  const { manifest } = serviceOf({ predictor: Predictor.fromModel({ ...IRIS, podSecurity: PodSecurity.RESTRICTED }) });

  expect(manifest().spec.predictor.securityContext).toEqual(restrictedPod());
  ['0.16.0', '0.20.0'].forEach((release) => expectAccepted([manifest()], release));
});

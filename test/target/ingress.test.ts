import { Ingress } from '../../src/target';

test.each<[string, Ingress, object]>([
  ['the Gateway API uses KServe\'s Gateway', Ingress.gatewayApi(), { kind: 'gatewayApi', gateway: 'kserve/kserve-ingress-gateway' }],
  ['the Gateway API uses another Gateway', Ingress.gatewayApi({ gateway: 'edge/public' }), { kind: 'gatewayApi', gateway: 'edge/public' }],
  ['Istio has Ingress objects of its own class', Ingress.istio(), { kind: 'istio', className: 'istio' }],
  ['Ingress objects are of Istio\'s class, as KServe sets it', Ingress.kubernetes(), { kind: 'kubernetes', className: 'istio' }],
  ['Ingress objects are of another class', Ingress.kubernetes({ className: 'nginx' }), { kind: 'kubernetes', className: 'nginx' }],
  ['no ingress has neither', Ingress.none(), { kind: 'none' }],
])('%s', (_, ingress, facts) => {
  expect({ ...ingress }).toEqual(facts);
});

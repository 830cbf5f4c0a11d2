import { ServingIngress } from '../../src/target';

test.each<[string, ServingIngress, object]>([
  ['the Gateway API uses KServe\'s Gateway', ServingIngress.gatewayApi(), { kind: 'gatewayApi', gateway: 'kserve/kserve-ingress-gateway' }],
  ['the Gateway API uses another Gateway', ServingIngress.gatewayApi({ gateway: 'edge/public' }), { kind: 'gatewayApi', gateway: 'edge/public' }],
  ['Istio has Ingress objects of its own class', ServingIngress.istio(), { kind: 'istio', className: 'istio' }],
  ['Ingress objects are of Istio\'s class, as KServe sets it', ServingIngress.kubernetes(), { kind: 'kubernetes', className: 'istio' }],
  ['Ingress objects are of another class', ServingIngress.kubernetes({ className: 'nginx' }), { kind: 'kubernetes', className: 'nginx' }],
  ['no ingress has neither', ServingIngress.none(), { kind: 'none' }],
])('%s', (_, ingress, facts) => {
  expect({ ...ingress }).toEqual(facts);
});

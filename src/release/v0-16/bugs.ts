import type { BugData } from '../data';

const GITHUB = 'https://github.com/kserve/kserve';

export const BUGS: { readonly [id: string]: BugData } = {
  'legacy-mode-annotation': {
    summary: 'A service annotated RawDeployment or Serverless is created, but every later update that keeps the annotation is refused.',
    affects: 'annotation serving.kserve.io/deploymentMode',
    reference: `${GITHUB}/blob/{release}/pkg/apis/serving/v1beta1/inference_service_validation.go`,
  },
  'mode-compared-raw': {
    summary: 'On update the mode in the status is compared with the annotation letter by letter, so an object whose status'
      + ' holds an old name cannot be updated under the new one.',
    affects: 'annotation serving.kserve.io/deploymentMode',
    reference: `${GITHUB}/pull/5427`,
  },
  'graph-map-predictions-pruned': {
    summary: 'The InferenceGraph CRD of the Helm chart lacks mapPredictionsToInstances, so the cluster drops the field.',
    affects: 'InferenceGraph on clusters installed by Helm',
    reference: `${GITHUB}/blob/{release}/charts/kserve-crd/templates/serving.kserve.io_inferencegraphs.yaml`,
  },
  'splitter-misses': {
    summary: 'About one request in 101 through a Splitter matches no branch and its connection is closed.',
    affects: 'InferenceGraph nodes of type Splitter',
    reference: `${GITHUB}/pull/5489`,
  },
  'hpa-behavior-ignored': {
    summary: 'autoScaling.behavior does not reach the HorizontalPodAutoscaler.',
    affects: 'Standard mode with autoscaler hpa',
    reference: `${GITHUB}/blob/{release}/pkg/controller/v1beta1/inferenceservice/reconcilers/hpa/hpa_reconciler.go`,
  },
  'storage-uris-pvc-path': {
    summary: 'The path behind the claim name of a pvc:// entry in storageUris is dropped: the whole volume is mounted.',
    affects: 'storageUris',
    reference: `${GITHUB}/blob/{release}/pkg/webhook/admission/pod/storage_initializer_injector.go`,
  },
  'oci-in-storage-uris': {
    summary: 'oci:// entries of storageUris are not mounted; when the first entry is one, nothing is downloaded at all.',
    affects: 'storageUris with oci:// entries',
    reference: `${GITHUB}/pull/5261`,
  },
  'ingress-transformer-host': {
    summary: 'The host of a transformer leads to the predictor.',
    affects: 'Standard mode with Ingress',
    reference: `${GITHUB}/tree/{release}/pkg/controller/v1beta1/inferenceservice/reconcilers/ingress`,
  },
  'art-args-twice': {
    summary: 'The args of an ART explainer are passed twice.',
    affects: 'explainer.art',
    reference: `${GITHUB}/blob/{release}/pkg/apis/serving/v1beta1/explainer_art.go`,
  },
};

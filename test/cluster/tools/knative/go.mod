module cdk8s-kserve/cluster/knative

go 1.25.0

tool (
	knative.dev/serving/cmd/autoscaler
	knative.dev/serving/cmd/controller
	knative.dev/serving/cmd/webhook
)

require knative.dev/serving v0.48.1

module cdk8s-kserve/cluster/kserve-v0.16

go 1.25.0

tool (
	github.com/kserve/kserve/cmd/manager
	github.com/kserve/kserve/cmd/router
)

require github.com/kserve/kserve v0.16.0

replace sigs.k8s.io/controller-runtime => sigs.k8s.io/controller-runtime v0.19.7

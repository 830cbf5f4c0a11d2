module cdk8s-kserve/cluster/kserve-v0.19

go 1.25.0

tool (
	github.com/kserve/kserve/cmd/manager
	github.com/kserve/kserve/cmd/router
)

require github.com/kserve/kserve v0.19.0

replace (
	github.com/expr-lang/expr => github.com/expr-lang/expr v1.17.7
	github.com/lyft/protoc-gen-validate => github.com/envoyproxy/protoc-gen-validate v1.0.4
	google.golang.org/grpc => google.golang.org/grpc v1.79.3
	sigs.k8s.io/controller-runtime => sigs.k8s.io/controller-runtime v0.19.7
)

import type { TypeDocs } from './docs';

/** Pods, where they run and how they meet the network. */
export const POD_DOCS: { readonly [type: string]: TypeDocs } = {
  PodSpec: {
    summary: 'Fields of a pod in the spelling of its manifest, every one optional. What is set here is written as it stands; KServe joins it with what the runtime brings.',
    fields: {
      activeDeadlineSeconds: 'Seconds after which the pod is ended, at least 1. Meant for jobs: a served model would go away. | - no limit',
      affinity: 'Nodes and neighbours that the pod needs, prefers or avoids. | - any node',
      automountServiceAccountToken: 'Whether the token of the service account is mounted in the containers. | - what the service account says, else true',
      containers: 'Containers beside the model server, or overrides of containers of the runtime by name. | - only the containers of the runtime',
      dnsConfig: 'DNS servers, search domains and options, joined with those of `dnsPolicy`.',
      dnsPolicy: 'Where DNS settings come from: `ClusterFirst`, `ClusterFirstWithHostNet`, `Default` (the node) or `None`. | "ClusterFirst"',
      enableServiceLinks: 'Whether the containers get environment variables for each Service of the namespace. | true',
      hostAliases: 'Entries for the `/etc/hosts` of the containers.',
      hostIPC: 'Whether the pod shares the inter-process memory of its node. | false',
      hostNetwork: 'Whether the pod uses the network of its node instead of an address of its own. | false',
      hostPID: 'Whether the pod sees the processes of its node. | false',
      hostUsers: 'Whether the pod runs in the user namespace of its node. `false` gives it one of its own. | true',
      hostname: 'Host name inside the pod, a DNS label. | - the name of the pod',
      hostnameOverride: 'Host name inside the pod and in its DNS records, up to 64 characters. Excludes `hostNetwork`. | - `hostname`',
      imagePullSecrets: 'Secrets for private image registries. | - those of the service account',
      initContainers: 'Containers that run to completion one after the other before the others start.',
      nodeName: 'Name of the node to run on, past the scheduler. | - chosen by the scheduler',
      nodeSelector: 'Labels that a node must have. | - any node',
      os: 'Operating system of the containers. | - not checked',
      overhead: 'Resources that the pod needs beside its containers. Set by the runtime class. | - from the runtime class',
      preemptionPolicy: 'Whether pods of lower priority make room: `PreemptLowerPriority` or `Never`. | "PreemptLowerPriority"',
      priority: 'Priority as a number. Clusters compute it from `priorityClassName` and refuse another value. | - from the priority class',
      priorityClassName: 'Priority class, which decides who is scheduled first and who is evicted last. | - the default class of the cluster',
      readinessGates: 'Conditions that must be true before the pod counts as ready, beside those of its containers.',
      resourceClaims: 'Devices of dynamic resource allocation that the containers may refer to.',
      resources: 'CPU and memory that all containers of the pod share. | - the sum of the containers',
      restartPolicy: 'When containers start again: `Always`, `OnFailure` or `Never`. A served model needs `Always`. | "Always"',
      runtimeClassName: 'Runtime class, such as that of a GPU or a sandboxed container runtime. | - the default runtime of the node',
      schedulerName: 'Scheduler that places the pod. | "default-scheduler"',
      schedulingGates: 'Names that hold back scheduling until somebody removes them.',
      securityContext: 'Users, groups and kernel settings for all containers.',
      serviceAccount: 'Old name of `serviceAccountName`. | - `serviceAccountName`',
      serviceAccountName: 'Service account that the pod runs as. | "default"',
      setHostnameAsFQDN: 'Whether the host name inside the pod is the full domain name. | false',
      shareProcessNamespace: 'Whether the containers see the processes of each other. | false',
      subdomain: 'DNS label between host name and namespace in the full name of the pod. | - no full name',
      terminationGracePeriodSeconds: 'Seconds between the request to stop and the kill, from 0. | 30',
      tolerations: 'Taints of nodes that the pod accepts, such as those of GPU nodes. | - only nodes without taints',
      topologySpreadConstraints: 'How evenly replicas spread over zones, nodes or other domains. | - the default of the cluster',
      volumes: 'Volumes that containers can mount.',
    },
  },
  Affinity: {
    summary: 'Nodes and neighbours that a pod needs, prefers or avoids.',
    fields: {
      nodeAffinity: 'Nodes, by their labels.',
      podAffinity: 'Pods to be near to.',
      podAntiAffinity: 'Pods to be away from.',
    },
  },
  NodeAffinity: {
    summary: 'Nodes that a pod needs or prefers.',
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: 'What the scheduler prefers. The node with the highest sum of weights wins.',
      requiredDuringSchedulingIgnoredDuringExecution: 'What a node must have for the pod to be placed there.',
    },
  },
  NodeSelector: {
    summary: 'Nodes that fit one of several terms.',
    fields: { nodeSelectorTerms: 'Terms, of which one must fit.' },
  },
  NodeSelectorTerm: {
    summary: 'Requirements on one node, all of which must hold. An empty term fits no node.',
    fields: {
      matchExpressions: 'Requirements on labels of the node.',
      matchFields: 'Requirements on fields of the node. Only `metadata.name` is known.',
    },
  },
  NodeSelectorRequirement: {
    summary: 'A requirement on a label of a node.',
    fields: {
      key: 'Name of the label.',
      operator: '`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`.',
      values: 'Values to compare with: some for `In` and `NotIn`, none for `Exists` and `DoesNotExist`, one whole number as a string for `Gt` and `Lt`.',
    },
  },
  PreferredSchedulingTerm: {
    summary: 'A preference for certain nodes.',
    fields: {
      preference: 'The nodes.',
      weight: 'How much it counts, from 1 to 100.',
    },
  },
  PodAffinity: {
    summary: 'Pods to be near to.',
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: 'What the scheduler prefers. The node with the highest sum of weights wins.',
      requiredDuringSchedulingIgnoredDuringExecution: 'Pods that must run in the same domain.',
    },
  },
  PodAntiAffinity: {
    summary: 'Pods to be away from.',
    fields: {
      preferredDuringSchedulingIgnoredDuringExecution: 'What the scheduler avoids. The node with the lowest sum of weights wins.',
      requiredDuringSchedulingIgnoredDuringExecution: 'Pods that must not run in the same domain.',
    },
  },
  WeightedPodAffinityTerm: {
    summary: 'A preference about other pods.',
    fields: {
      podAffinityTerm: 'The pods and the domain.',
      weight: 'How much it counts, from 1 to 100.',
    },
  },
  PodAffinityTerm: {
    summary: 'Other pods, and the domain in which they count.',
    fields: {
      labelSelector: 'Labels of the pods. | - no pods',
      matchLabelKeys: 'Labels whose values are taken from this pod and join `labelSelector` with `In`.',
      mismatchLabelKeys: 'Labels whose values are taken from this pod and join `labelSelector` with `NotIn`.',
      namespaceSelector: 'Labels of the namespaces of the pods. An empty selector takes all. | - the namespaces listed',
      namespaces: 'Namespaces of the pods. | - the namespace of this pod',
      topologyKey: 'Label of nodes that makes the domain: nodes of equal value are one domain.',
    },
  },
  LabelSelector: {
    summary: 'Objects by their labels. All requirements must hold. Without any, every object fits.',
    fields: {
      matchExpressions: 'Requirements on labels.',
      matchLabels: 'Labels and the value that each must have.',
    },
  },
  LabelSelectorRequirement: {
    summary: 'A requirement on a label.',
    fields: {
      key: 'Name of the label.',
      operator: '`In`, `NotIn`, `Exists` or `DoesNotExist`.',
      values: 'Values to compare with: some for `In` and `NotIn`, none otherwise.',
    },
  },
  Toleration: {
    summary: 'A taint of nodes that a pod accepts.',
    fields: {
      effect: '`NoSchedule`, `PreferNoSchedule` or `NoExecute`. | - every effect',
      key: 'Name of the taint. Without it the operator must be `Exists` and all taints are accepted. | - every taint',
      operator: '`Equal` compares the value, `Exists` does not. | "Equal"',
      tolerationSeconds: 'Seconds that the pod stays when a `NoExecute` taint appears. 0 or less evicts at once. | - stays for good',
      value: 'Value of the taint, for `Equal`. | - the empty value',
    },
  },
  TopologySpreadConstraint: {
    summary: 'How evenly pods spread over domains, such as zones or nodes.',
    fields: {
      labelSelector: 'Labels of the pods that are counted.',
      matchLabelKeys: 'Labels whose values are taken from this pod and join `labelSelector`.',
      maxSkew: 'How many pods more one domain may have than the emptiest, at least 1.',
      minDomains: 'With fewer domains than this the emptiest counts as having no pods. At least 1, only with `DoNotSchedule`. | 1',
      nodeAffinityPolicy: 'Whether only nodes count that fit the affinity of the pod: `Honor` or `Ignore`. | "Honor"',
      nodeTaintsPolicy: 'Whether nodes with taints that the pod does not accept are left out: `Honor` or `Ignore`. | "Ignore"',
      topologyKey: 'Label of nodes that makes the domain: nodes of equal value are one domain.',
      whenUnsatisfiable: 'What happens where the skew would be exceeded: `DoNotSchedule` or `ScheduleAnyway`.',
    },
  },
  PodSecurityContext: {
    summary: 'Users, groups and kernel settings for all containers of a pod.',
    fields: {
      appArmorProfile: 'AppArmor profile of all containers.',
      fsGroup: 'Group ID that owns the volumes and is given to every container. | - ownership as it is',
      fsGroupChangePolicy: 'When volumes change to `fsGroup`: `Always` or `OnRootMismatch`, which is faster for large models. | "Always"',
      runAsGroup: 'Group ID of the processes. | - that of the image',
      runAsNonRoot: 'Whether a container that would run as root is not started. | false',
      runAsUser: 'User ID of the processes. | - that of the image',
      seLinuxChangePolicy: 'How volumes get their SELinux label: `MountOption` or `Recursive`. | "MountOption"',
      seLinuxOptions: 'SELinux label of all containers. | - a random one for each container',
      seccompProfile: 'System calls that all containers may use.',
      supplementalGroups: 'Further group IDs of the processes. | - those of the image',
      supplementalGroupsPolicy: 'Whether groups of the image count too: `Merge` or `Strict`. | "Merge"',
      sysctls: 'Kernel parameters of the pod.',
      windowsOptions: 'Settings for Windows containers.',
    },
  },
  Sysctl: {
    summary: 'A kernel parameter.',
    fields: {
      name: 'Name, such as `net.core.somaxconn`.',
      value: 'Value, as a string.',
    },
  },
  PodDnsConfig: {
    summary: 'DNS settings of a pod, joined with those of its `dnsPolicy`.',
    fields: {
      nameservers: 'IP addresses of DNS servers.',
      options: 'Options of the resolver.',
      searches: 'Domains in which short names are looked up.',
    },
  },
  PodDnsConfigOption: {
    summary: 'An option of the DNS resolver.',
    fields: {
      name: 'Name, such as `ndots`.',
      value: 'Value, as a string. | - an option without a value',
    },
  },
  HostAlias: {
    summary: 'An entry of `/etc/hosts`.',
    fields: {
      hostnames: 'Names of the address.',
      ip: 'The IP address.',
    },
  },
  LocalObjectReference: {
    summary: 'An object of the same namespace.',
    fields: { name: 'Its name.' },
  },
  PodOs: {
    summary: 'The operating system of a pod.',
    fields: { name: '`linux` or `windows`.' },
  },
  PodReadinessGate: {
    summary: 'A condition that must be true before a pod is ready.',
    fields: { conditionType: 'Type of the condition in the status of the pod.' },
  },
  PodSchedulingGate: {
    summary: 'A gate that holds back scheduling until it is removed.',
    fields: { name: 'Name of the gate.' },
  },
  PodResourceClaim: {
    summary: 'Devices of dynamic resource allocation for a pod. Either a claim or a template is named.',
    fields: {
      name: 'Name by which containers refer to it.',
      resourceClaimName: 'A ResourceClaim of the namespace, shared by all pods that name it.',
      resourceClaimTemplateName: 'A ResourceClaimTemplate of the namespace, of which every pod gets a claim of its own.',
    },
  },
};

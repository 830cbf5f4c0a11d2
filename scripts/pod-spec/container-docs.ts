import type { TypeDocs } from './docs';

/** Containers: what they run, their environment, probes and privileges. */
export const CONTAINER_DOCS: { readonly [type: string]: TypeDocs } = {
  Container: {
    summary: 'Fields of a container in the spelling of its manifest, every one optional.',
    fields: {
      args: 'Arguments of the entry point. | - the command of the image',
      command: 'Entry point, not run in a shell. | - that of the image',
      env: 'Environment variables.',
      envFrom: 'ConfigMaps and Secrets whose keys all become environment variables.',
      image: 'Image name, best with a digest.',
      imagePullPolicy: '`Always`, `IfNotPresent` or `Never`. | - `Always` for the tag `latest` or none, else `IfNotPresent`',
      lifecycle: 'Actions after the start and before the stop.',
      livenessProbe: 'Check that restarts the container when it fails. | - never restarted by a check',
      name: 'Name of the container, a DNS label. `kserve-container` is the one that serves the model.',
      ports: 'Ports that the container listens on.',
      readinessProbe: 'Check that keeps requests away while it fails. | - ready once started',
      resizePolicy: 'Whether a change of CPU or memory needs a restart.',
      resources: 'CPU, memory and devices. | - what the runtime or KServe\'s ConfigMap says',
      restartPolicy: 'For an init container `Always` makes it a sidecar, which runs as long as the pod. | - the policy of the pod',
      restartPolicyRules: 'Exit codes that restart the container against its policy.',
      securityContext: 'Users and privileges of the container, over those of the pod.',
      startupProbe: 'Check that holds back the other checks until it succeeds. Gives large models time to load. | - started at once',
      stdin: 'Whether the container has a standard input. | false',
      stdinOnce: 'Whether standard input closes after the first client. | false',
      terminationMessagePath: 'File whose content becomes the termination message. | "/dev/termination-log"',
      terminationMessagePolicy: '`File`, or `FallbackToLogsOnError` to take the end of the log when the file is empty. | "File"',
      tty: 'Whether the container has a terminal. Needs `stdin`. | false',
      volumeDevices: 'Volumes given as raw block devices.',
      volumeMounts: 'Where volumes of the pod appear in the container.',
      workingDir: 'Working directory. | - that of the image',
    },
  },
  EnvVar: {
    summary: 'An environment variable. Either a value or a source is given.',
    fields: {
      name: 'Name of the variable.',
      value: 'Value. `$(NAME)` stands for a variable defined earlier, `$$` for a dollar sign. | - the empty string',
      valueFrom: 'Where the value comes from.',
    },
  },
  EnvVarSource: {
    summary: 'Where the value of an environment variable comes from. One field is set.',
    fields: {
      configMapKeyRef: 'A key of a ConfigMap.',
      fieldRef: 'A field of the pod.',
      fileKeyRef: 'A key of a file in a volume of the pod.',
      resourceFieldRef: 'A resource of a container.',
      secretKeyRef: 'A key of a Secret.',
    },
  },
  ConfigMapKeySelector: {
    summary: 'A key of a ConfigMap.',
    fields: {
      key: 'The key.',
      name: 'Name of the ConfigMap, in the namespace of the pod.',
    },
  },
  SecretKeySelector: {
    summary: 'A key of a Secret.',
    fields: {
      key: 'The key.',
      name: 'Name of the Secret, in the namespace of the pod.',
    },
  },
  FileKeySelector: {
    summary: 'A key of an environment file in a volume of the pod.',
    fields: {
      key: 'The key, up to 128 characters.',
      path: 'Path of the file in the volume, without `..`.',
      volumeName: 'Name of the volume, an `emptyDir`.',
    },
  },
  ObjectFieldSelector: {
    summary: 'A field of the pod.',
    fields: {
      apiVersion: 'API version of the path. | "v1"',
      fieldPath: 'Path of the field, such as `metadata.name`, `spec.nodeName` or `status.podIP`.',
    },
  },
  ResourceFieldSelector: {
    summary: 'A resource of a container.',
    fields: {
      containerName: 'Name of the container. Needed in a volume. | - this container',
      divisor: 'Unit of the value: `1m` gives millicores, `1Mi` mebibytes. | - 1',
      resource: 'Such as `limits.cpu` or `requests.memory`.',
    },
  },
  EnvFromSource: {
    summary: 'A ConfigMap or Secret whose keys all become environment variables.',
    fields: {
      configMapRef: 'The ConfigMap.',
      prefix: 'Written before each key.',
      secretRef: 'The Secret.',
    },
  },
  ConfigMapEnvSource: {
    summary: 'A ConfigMap whose keys become environment variables.',
    fields: { name: 'Name of the ConfigMap, in the namespace of the pod.' },
  },
  SecretEnvSource: {
    summary: 'A Secret whose keys become environment variables.',
    fields: { name: 'Name of the Secret, in the namespace of the pod.' },
  },
  Lifecycle: {
    summary: 'Actions after the start and before the stop of a container.',
    fields: {
      postStart: 'Right after the start. A failure restarts the container.',
      preStop: 'Before the container is asked to stop, within its grace period.',
      stopSignal: 'Signal that asks the container to stop, such as `SIGTERM`. Needs `os` on the pod. | - that of the image',
    },
  },
  LifecycleHandler: {
    summary: 'An action on a container. One field is set.',
    fields: {
      exec: 'Runs a command in the container.',
      httpGet: 'Sends an HTTP request.',
      sleep: 'Waits.',
      tcpSocket: 'Not supported: such an action fails.',
    },
  },
  ExecAction: {
    summary: 'A command in the container. Exit code 0 is success.',
    fields: { command: 'The command and its arguments, not run in a shell.' },
  },
  HttpGetAction: {
    summary: 'An HTTP GET request. A status from 200 to 399 is success.',
    fields: {
      host: 'Host to connect to. To set the header, use `httpHeaders`. | - the IP address of the pod',
      httpHeaders: 'Headers of the request.',
      path: 'Path of the request. | "/"',
      port: 'Number from 1 to 65535, or the name of a port of the container. Leave it out under Knative, which takes the port of the container.',
      scheme: '`HTTP` or `HTTPS`, whose certificate is not checked. | "HTTP"',
    },
  },
  HttpHeader: {
    summary: 'A header of an HTTP request.',
    fields: {
      name: 'Name of the header.',
      value: 'Its value.',
    },
  },
  TcpSocketAction: {
    summary: 'A TCP connection. Being accepted is success.',
    fields: {
      host: 'Host to connect to. | - the IP address of the pod',
      port: 'Number from 1 to 65535, or the name of a port of the container.',
    },
  },
  GrpcAction: {
    summary: 'A call of the gRPC health protocol.',
    fields: {
      port: 'Number of the port, from 1 to 65535.',
      service: 'Service to ask for. | - the server as a whole',
    },
  },
  SleepAction: {
    summary: 'A pause.',
    fields: { seconds: 'Seconds to wait.' },
  },
  Probe: {
    summary: 'A check of a container by one of `exec`, `grpc`, `httpGet` and `tcpSocket`.',
    fields: {
      exec: 'Runs a command in the container.',
      failureThreshold: 'Failures in a row before the check counts as failed, at least 1. | 3',
      grpc: 'Calls the gRPC health service.',
      httpGet: 'Sends an HTTP request.',
      initialDelaySeconds: 'Seconds after the start before the first check. | 0',
      periodSeconds: 'Seconds between checks, at least 1. | 10',
      successThreshold: 'Successes in a row before the check counts as passed again. Must be 1 for liveness and startup. | 1',
      tcpSocket: 'Opens a TCP connection.',
      terminationGracePeriodSeconds: 'Seconds to stop after a failed liveness or startup check, at least 1. | - that of the pod',
      timeoutSeconds: 'Seconds before a check without an answer has failed, at least 1. | 1',
    },
  },
  ContainerPortSpec: {
    summary: 'A port that a container listens on.',
    fields: {
      containerPort: 'Number of the port, from 1 to 65535.',
      hostIP: 'IP address of the node that `hostPort` binds to. | - all addresses',
      hostPort: 'Port of the node, from 1 to 65535. One pod per node can have it. | - none',
      name: 'Name, up to 15 characters. Knative reads the protocol from it: `http1` or `h2c`.',
      protocol: '`TCP`, `UDP` or `SCTP`. | "TCP"',
    },
  },
  ResourceRequirements: {
    summary: 'CPU, memory and devices of a container.',
    fields: {
      claims: 'Devices of `resourceClaims` of the pod.',
      limits: 'The most it may use, by resource: `cpu`, `memory`, `ephemeral-storage`, `nvidia.com/gpu` and others.',
      requests: 'What is reserved for it, by resource. | - the limits',
    },
  },
  ResourceClaim: {
    summary: 'Devices that a container takes from `resourceClaims` of its pod.',
    fields: {
      name: 'Name of the entry in `resourceClaims`.',
      request: 'Name of one request of the claim. | - all of them',
    },
  },
  ContainerResizePolicy: {
    summary: 'Whether a change of a resource needs a restart.',
    fields: {
      resourceName: '`cpu` or `memory`.',
      restartPolicy: '`NotRequired` or `RestartContainer`. | "NotRequired"',
    },
  },
  ContainerRestartRule: {
    summary: 'When a container that ended is started again.',
    fields: {
      action: '`Restart` is the only one.',
      exitCodes: 'Exit codes for which the rule holds.',
    },
  },
  ContainerRestartRuleOnExitCodes: {
    summary: 'Exit codes of a container.',
    fields: {
      operator: '`In` or `NotIn`.',
      values: 'Up to 255 exit codes.',
    },
  },
  VolumeMount: {
    summary: 'Where a volume appears in a container.',
    fields: {
      mountPath: 'Path in the container, without a colon.',
      mountPropagation: 'Whether mounts pass between node and container: `None`, `HostToContainer` or `Bidirectional`. | "None"',
      name: 'Name of the volume.',
      recursiveReadOnly: 'Whether mounts below are read-only too: `Disabled`, `IfPossible` or `Enabled`. | "Disabled"',
      subPath: 'Path in the volume to mount. | - its root',
      subPathExpr: 'Like `subPath`, where `$(NAME)` stands for environment variables. Excludes `subPath`. | - its root',
    },
  },
  VolumeDevice: {
    summary: 'A volume given to a container as a raw block device.',
    fields: {
      devicePath: 'Path of the device in the container.',
      name: 'Name of a volume of a persistent volume claim.',
    },
  },
  SecurityContext: {
    summary: 'Users and privileges of a container. They win over those of the pod.',
    fields: {
      allowPrivilegeEscalation: 'Whether a process may gain more privileges than its parent. | - true',
      appArmorProfile: 'AppArmor profile of the container. | - that of the pod',
      capabilities: 'Linux capabilities to add and drop. | - those of the container runtime',
      privileged: 'Whether processes are as powerful as root on the node. | false',
      procMount: 'How `/proc` is mounted: `Default` or `Unmasked`. | "Default"',
      readOnlyRootFilesystem: 'Whether the root file system is read-only. | false',
      runAsGroup: 'Group ID of the processes. | - that of the pod or image',
      runAsNonRoot: 'Whether a container that would run as root is not started. | - that of the pod',
      runAsUser: 'User ID of the processes. | - that of the pod or image',
      seLinuxOptions: 'SELinux label of the container. | - that of the pod',
      seccompProfile: 'System calls that the container may use. | - that of the pod',
      windowsOptions: 'Settings for Windows containers. | - those of the pod',
    },
  },
  AppArmorProfile: {
    summary: 'An AppArmor profile.',
    fields: {
      localhostProfile: 'Name of a profile on the node. With the type `Localhost` only.',
      type: '`RuntimeDefault`, `Localhost` or `Unconfined`.',
    },
  },
  SeccompProfile: {
    summary: 'The system calls that processes may use.',
    fields: {
      localhostProfile: 'Profile file on the node, below its seccomp folder. With the type `Localhost` only.',
      type: '`RuntimeDefault`, `Localhost` or `Unconfined`.',
    },
  },
  SeLinuxOptions: {
    summary: 'An SELinux label.',
    fields: {
      level: 'Level, such as `s0:c123,c456`.',
      role: 'Role.',
      type: 'Type.',
      user: 'User.',
    },
  },
  Capabilities: {
    summary: 'Linux capabilities, without `CAP_`.',
    fields: {
      add: 'Capabilities to add.',
      drop: 'Capabilities to drop. `ALL` drops every one.',
    },
  },
  WindowsSecurityContextOptions: {
    summary: 'Settings for Windows containers.',
    fields: {
      gmsaCredentialSpec: 'Credential specification of the group-managed service account.',
      gmsaCredentialSpecName: 'Name of that credential specification.',
      hostProcess: 'Whether the container runs as a process of the node. The same for all containers of a pod. | false',
      runAsUserName: 'User name of the processes. | - that of the image',
    },
  },
};

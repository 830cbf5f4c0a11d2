import type { TypeDocs } from './docs';

/** Volumes: where files of a pod come from. */
export const VOLUME_DOCS: { readonly [type: string]: TypeDocs } = {
  Volume: {
    summary: 'A volume of a pod: its name and one source. Knative accepts the sources that its feature flags allow.',
    fields: {
      awsElasticBlockStore: 'A disk of AWS EBS. Clusters serve it by its CSI driver.',
      azureDisk: 'A disk of Azure. Clusters serve it by its CSI driver.',
      azureFile: 'A share of Azure Files. Clusters serve it by its CSI driver.',
      cephfs: 'A Ceph file system. Kubernetes has no driver for it any more.',
      cinder: 'A disk of OpenStack. Clusters serve it by its CSI driver.',
      configMap: 'Keys of a ConfigMap as files.',
      csi: 'A volume that a CSI driver makes for this pod.',
      downwardAPI: 'Fields of the pod as files.',
      emptyDir: 'An empty folder that lives as long as the pod.',
      ephemeral: 'A persistent volume claim that lives as long as the pod.',
      fc: 'A Fibre Channel disk.',
      flexVolume: 'A volume of a FlexVolume driver, which CSI replaces.',
      flocker: 'A Flocker volume. Kubernetes has no driver for it any more.',
      gcePersistentDisk: 'A disk of Google Compute Engine. Clusters serve it by its CSI driver.',
      gitRepo: 'A clone of a git repository. Newer clusters do not make it: clone in an init container.',
      glusterfs: 'A GlusterFS volume. Kubernetes has no driver for it any more.',
      hostPath: 'A file or folder of the node.',
      image: 'Files of an OCI image, mounted read-only.',
      iscsi: 'An iSCSI disk.',
      name: 'Name by which containers mount it, a DNS label.',
      nfs: 'A share of an NFS server.',
      persistentVolumeClaim: 'A persistent volume claim of the namespace.',
      photonPersistentDisk: 'A Photon disk. Kubernetes has no driver for it any more.',
      portworxVolume: 'A Portworx volume. Clusters serve it by its CSI driver.',
      projected: 'Several sources in one folder.',
      quobyte: 'A Quobyte volume. Kubernetes has no driver for it any more.',
      rbd: 'A Ceph block device. Kubernetes has no driver for it any more.',
      scaleIO: 'A ScaleIO volume. Kubernetes has no driver for it any more.',
      secret: 'Keys of a Secret as files.',
      storageos: 'A StorageOS volume. Kubernetes has no driver for it any more.',
      vsphereVolume: 'A disk of vSphere. Clusters serve it by its CSI driver.',
    },
  },
  KeyToPath: {
    summary: 'A key that becomes a file.',
    fields: {
      key: 'The key.',
      path: 'Path of the file in the volume, without `..`.',
    },
  },
  ConfigMapVolumeSource: {
    summary: 'Keys of a ConfigMap as files.',
    fields: { name: 'Name of the ConfigMap, in the namespace of the pod.' },
  },
  SecretVolumeSource: {
    summary: 'Keys of a Secret as files.',
    fields: { secretName: 'Name of the Secret, in the namespace of the pod.' },
  },
  EmptyDirVolumeSource: {
    summary: 'An empty folder that lives as long as the pod.',
    fields: {
      medium: '`Memory` keeps it in RAM, which counts as memory of the containers. | - the disk of the node',
      sizeLimit: 'The most it may hold. More evicts the pod. | - no limit',
    },
  },
  HostPathVolumeSource: {
    summary: 'A file or folder of the node.',
    fields: {
      path: 'Its path on the node.',
      type: 'What must be there: `Directory`, `DirectoryOrCreate`, `File`, `FileOrCreate`, `Socket`, `CharDevice` or `BlockDevice`. | - not checked',
    },
  },
  PersistentVolumeClaimVolumeSource: {
    summary: 'A persistent volume claim of the namespace.',
    fields: { claimName: 'Name of the claim.' },
  },
  ImageVolumeSource: {
    summary: 'Files of an OCI image or artifact.',
    fields: {
      pullPolicy: '`Always`, `IfNotPresent` or `Never`. | - `Always` for the tag `latest` or none, else `IfNotPresent`',
      reference: 'Image name, best with a digest.',
    },
  },
  CsiVolumeSource: {
    summary: 'A volume that a CSI driver makes for one pod.',
    fields: {
      driver: 'Name of the driver.',
      nodePublishSecretRef: 'Secret for the driver, in the namespace of the pod.',
      volumeAttributes: 'Settings of the driver.',
    },
  },
  NfsVolumeSource: {
    summary: 'A share of an NFS server.',
    fields: {
      path: 'Path that the server exports.',
      server: 'Host name or IP address of the server.',
    },
  },
  DownwardApiVolumeSource: {
    summary: 'Fields of the pod as files.',
    fields: { items: 'The files.' },
  },
  DownwardApiVolumeFile: {
    summary: 'A file with a field of the pod.',
    fields: {
      fieldRef: 'Field of the pod: annotations, labels, name, namespace or uid.',
      path: 'Path of the file in the volume, without `..`.',
      resourceFieldRef: 'Resource of a container.',
    },
  },
  ProjectedVolumeSource: {
    summary: 'Several sources in one folder.',
    fields: { sources: 'The sources.' },
  },
  VolumeProjection: {
    summary: 'A source of a projected volume. One field is set.',
    fields: {
      clusterTrustBundle: 'CA certificates of ClusterTrustBundles in one file.',
      configMap: 'Keys of a ConfigMap.',
      downwardAPI: 'Fields of the pod.',
      podCertificate: 'A certificate for the pod and its key, kept fresh.',
      secret: 'Keys of a Secret.',
      serviceAccountToken: 'A token of the service account of the pod, kept fresh.',
    },
  },
  ConfigMapProjection: {
    summary: 'Keys of a ConfigMap in a projected volume.',
    fields: { name: 'Name of the ConfigMap, in the namespace of the pod.' },
  },
  SecretProjection: {
    summary: 'Keys of a Secret in a projected volume.',
    fields: { name: 'Name of the Secret, in the namespace of the pod.' },
  },
  DownwardApiProjection: {
    summary: 'Fields of the pod in a projected volume.',
    fields: { items: 'The files.' },
  },
  ServiceAccountTokenProjection: {
    summary: 'A token of the service account in a projected volume.',
    fields: {
      audience: 'Whom the token is for. | - the API server',
      expirationSeconds: 'Seconds that a token lives, at least 600. | 3600',
      path: 'Path of the file in the volume.',
    },
  },
  ClusterTrustBundleProjection: {
    summary: 'CA certificates of ClusterTrustBundles in a projected volume. Either one bundle or a signer is named.',
    fields: {
      labelSelector: 'Labels of the bundles of the signer. | - none of them',
      name: 'Name of one bundle.',
      optional: 'Whether the pod starts even when no bundle fits. | false',
      path: 'Path of the file in the volume.',
      signerName: 'Signer whose bundles are joined.',
    },
  },
  PodCertificateProjection: {
    summary: 'A certificate for the pod in a projected volume.',
    fields: {
      certificateChainPath: 'File for the certificate chain. | - not written',
      credentialBundlePath: 'File for key and chain together, which can be replaced at once. | - not written',
      keyPath: 'File for the private key. | - not written',
      keyType: 'Kind of key: `RSA3072`, `RSA4096`, `ECDSAP256`, `ECDSAP384`, `ECDSAP521` or `ED25519`.',
      maxExpirationSeconds: 'Seconds that a certificate may live, at least 3600. | 86400',
      signerName: 'Signer that issues the certificate.',
    },
  },
  EphemeralVolumeSource: {
    summary: 'A persistent volume claim that lives as long as its pod.',
    fields: { volumeClaimTemplate: 'The claim.' },
  },
  PersistentVolumeClaimTemplate: {
    summary: 'A claim that is made for a pod.',
    fields: {
      metadata: 'Labels and annotations of the claim. The full CRDs of KServe know no field here and refuse any.',
      spec: 'What the claim asks for.',
    },
  },
  PersistentVolumeClaimSpec: {
    summary: 'What a persistent volume claim asks for.',
    fields: {
      accessModes: 'How it is mounted: `ReadWriteOnce`, `ReadOnlyMany`, `ReadWriteMany`, `ReadWriteOncePod`.',
      dataSource: 'Snapshot or claim that the volume starts from.',
      dataSourceRef: 'Object that the volume starts from, of any kind. | - `dataSource`',
      resources: 'How large it is.',
      selector: 'Labels of the persistent volumes that may be taken.',
      storageClassName: 'Storage class. The empty string takes existing volumes only. | - the default class of the cluster',
      volumeAttributesClassName: 'Volume attributes class, with settings that can change later.',
      volumeMode: '`Filesystem` or `Block`. | "Filesystem"',
      volumeName: 'Name of an existing persistent volume. | - any that fits',
    },
  },
  VolumeResourceRequirements: {
    summary: 'How large a volume is.',
    fields: {
      limits: 'The most, by resource. Drivers look at `storage`.',
      requests: 'The least, by resource: `storage`.',
    },
  },
  TypedLocalObjectReference: {
    summary: 'An object of any kind in the same namespace.',
    fields: {
      apiGroup: 'API group of the kind. | - the core group',
      kind: 'Its kind.',
      name: 'Its name.',
    },
  },
  TypedObjectReference: {
    summary: 'An object of any kind.',
    fields: {
      apiGroup: 'API group of the kind. | - the core group',
      kind: 'Its kind.',
      name: 'Its name.',
      namespace: 'Its namespace. Another one has to grant the reference. | - the same namespace',
    },
  },
  AwsElasticBlockStoreVolumeSource: {
    summary: 'A disk of AWS EBS.',
    fields: {
      partition: 'Number of the partition. | - the whole disk',
      volumeID: 'ID of the disk.',
    },
  },
  AzureDiskVolumeSource: {
    summary: 'A disk of Azure.',
    fields: {
      cachingMode: '`None`, `ReadOnly` or `ReadWrite`. | - `ReadWrite`',
      diskName: 'Name of the disk.',
      diskURI: 'URI of the disk.',
      kind: '`Shared`, `Dedicated` or `Managed`. | - `Shared`',
    },
  },
  AzureFileVolumeSource: {
    summary: 'A share of Azure Files.',
    fields: {
      secretName: 'Secret with the name and key of the storage account.',
      shareName: 'Name of the share.',
    },
  },
  CephFsVolumeSource: {
    summary: 'A Ceph file system.',
    fields: {
      monitors: 'Addresses of the monitors.',
      path: 'Folder to mount. | - `/`',
      secretFile: 'Key ring file on the node. | - `/etc/ceph/user.secret`',
      user: 'User of the file system. | - `admin`',
    },
  },
  CinderVolumeSource: {
    summary: 'A disk of OpenStack.',
    fields: { volumeID: 'ID of the disk.' },
  },
  FcVolumeSource: {
    summary: 'A Fibre Channel disk, by name and unit or by world-wide ID.',
    fields: {
      lun: 'Logical unit number.',
      targetWWNs: 'World-wide names of the targets.',
      wwids: 'World-wide IDs of the volume.',
    },
  },
  FlexVolumeSource: {
    summary: 'A volume of a FlexVolume driver.',
    fields: {
      driver: 'Name of the driver.',
      options: 'Settings of the driver.',
    },
  },
  FlockerVolumeSource: {
    summary: 'A Flocker volume, by name or UUID.',
    fields: {
      datasetName: 'Name of the dataset.',
      datasetUUID: 'UUID of the dataset.',
    },
  },
  GcePersistentDiskVolumeSource: {
    summary: 'A disk of Google Compute Engine.',
    fields: {
      partition: 'Number of the partition. | - the whole disk',
      pdName: 'Name of the disk.',
    },
  },
  GitRepoVolumeSource: {
    summary: 'A clone of a git repository.',
    fields: {
      directory: 'Folder of the clone, without `..`.',
      repository: 'URL of the repository.',
      revision: 'Commit to check out. | - the newest',
    },
  },
  GlusterfsVolumeSource: {
    summary: 'A GlusterFS volume.',
    fields: {
      endpoints: 'Name of the Endpoints of the servers.',
      path: 'Path of the volume.',
    },
  },
  IscsiVolumeSource: {
    summary: 'An iSCSI disk.',
    fields: {
      chapAuthDiscovery: 'Whether discovery uses CHAP. | false',
      chapAuthSession: 'Whether sessions use CHAP. | false',
      initiatorName: 'Name of the initiator. | - that of the node',
      iqn: 'Qualified name of the target.',
      iscsiInterface: 'Interface of the initiator.',
      lun: 'Logical unit number.',
      portals: 'Further portals of the target, `address:port`.',
      targetPortal: 'Portal of the target, `address:port`.',
    },
  },
  PhotonPersistentDiskVolumeSource: {
    summary: 'A Photon disk.',
    fields: { pdID: 'ID of the disk.' },
  },
  PortworxVolumeSource: {
    summary: 'A Portworx volume.',
    fields: { volumeID: 'ID of the volume.' },
  },
  QuobyteVolumeSource: {
    summary: 'A Quobyte volume.',
    fields: {
      group: 'Group that owns it.',
      registry: 'Addresses of the registry, `host:port`, separated by commas.',
      tenant: 'Tenant that owns it.',
      user: 'User that owns it. | - the service account',
      volume: 'Name of the volume.',
    },
  },
  RbdVolumeSource: {
    summary: 'A Ceph block device.',
    fields: {
      image: 'Name of the image.',
      keyring: 'Key ring file on the node.',
      monitors: 'Addresses of the monitors.',
      pool: 'Pool of the image.',
      user: 'User of the pool.',
    },
  },
  ScaleIoVolumeSource: {
    summary: 'A ScaleIO volume.',
    fields: {
      gateway: 'Address of the gateway.',
      protectionDomain: 'Protection domain of the storage.',
      sslEnabled: 'Whether the gateway is reached by TLS. | false',
      storageMode: '`ThickProvisioned` or `ThinProvisioned`.',
      storagePool: 'Storage pool of the protection domain.',
      system: 'Name of the storage system.',
      volumeName: 'Name of the volume.',
    },
  },
  StorageOsVolumeSource: {
    summary: 'A StorageOS volume.',
    fields: {
      volumeName: 'Name of the volume.',
      volumeNamespace: 'Its namespace in StorageOS. | - the namespace of the pod',
    },
  },
  VsphereVirtualDiskVolumeSource: {
    summary: 'A disk of vSphere.',
    fields: {
      storagePolicyID: 'ID of the storage policy.',
      storagePolicyName: 'Name of the storage policy.',
      volumePath: 'Path of the disk.',
    },
  },
};

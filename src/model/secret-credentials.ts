import type { ISecret } from 'cdk8s-plus-28';
import { CredentialFacts } from './credential-facts';
import { ModelCredentials } from './credentials';

/**
 * The token for gated and private models of Hugging Face.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/providers/hf
 */
export class HuggingFaceCredentials extends ModelCredentials {
  /**
   * The token in an existing Secret.
   *
   * @param secret has the key `HF_TOKEN`
   */
  static fromSecret(secret: ISecret): HuggingFaceCredentials {
    return new HuggingFaceCredentials({
      factory: 'HuggingFaceCredentials.fromSecret',
      family: 'huggingFace',
      opens: ['huggingFace'],
      secret,
      secretKind: 'huggingFace',
      secretKeys: [['HF_TOKEN']],
      problems: [],
    });
  }

  private constructor(
    /** @internal */
    readonly _facts: CredentialFacts,
  ) {
    super();
  }
}

/** How a HDFS cluster is reached; every `hdfs://` and `webhdfs://` source needs it, because the URI names no host. */
export class HdfsCredentials extends ModelCredentials {
  /**
   * The name node and the keys in an existing Secret.
   *
   * @param secret has the key `HDFS_NAMENODE` and, as needed, `HDFS_ROOTPATH`, `KERBEROS_PRINCIPAL`, `KERBEROS_KEYTAB`,
   * `TLS_CERT`, `TLS_KEY`, `TLS_CA`
   */
  static fromSecret(secret: ISecret): HdfsCredentials {
    return new HdfsCredentials({
      factory: 'HdfsCredentials.fromSecret',
      family: 'hdfs',
      opens: ['hdfs'],
      secret,
      secretKind: 'hdfs',
      secretKeys: [['HDFS_NAMENODE']],
      problems: [],
    });
  }

  private constructor(
    /** @internal */
    readonly _facts: CredentialFacts,
  ) {
    super();
  }
}

/**
 * Request headers for one host. KServe writes them into the pod in clear text, so who may read pods may read them.
 */
export class HttpsCredentials extends ModelCredentials {
  /**
   * The host and its headers in an existing Secret.
   *
   * @param secret has the keys `https-host`, the host of the URL, and `headers`, a JSON object of header names and values
   */
  static fromSecret(secret: ISecret): HttpsCredentials {
    return new HttpsCredentials({
      factory: 'HttpsCredentials.fromSecret',
      family: 'https',
      severalPerPod: true,
      opens: ['https'],
      secret,
      secretKind: 'https',
      secretKeys: [['https-host'], ['headers']],
      problems: [],
    });
  }

  private constructor(
    /** @internal */
    readonly _facts: CredentialFacts,
  ) {
    super();
  }
}

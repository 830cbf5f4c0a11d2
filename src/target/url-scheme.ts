/** Scheme of the addresses that KServe writes for services. */
export enum UrlScheme {
  /** Without encryption. */
  HTTP = 'http',
  /** With TLS, which the gateway ends. */
  HTTPS = 'https',
}

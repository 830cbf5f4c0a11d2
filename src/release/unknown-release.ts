/** Code of the error about a release that the library does not know; its rule stands with those of the target. */
export const UNKNOWN_RELEASE_CODE = 'KSV1001';

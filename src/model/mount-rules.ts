import { isClaim, isDownload, isImage, storedIn } from './stored';
import { Rule } from '../diagnostics/rule';
import { OciModelMode } from '../target/oci-model-mode';
import { ClusterRule } from '../target/rule-context';

const WEBHOOK: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'webhook', bites: 'create' };
const CONTROLLER: Pick<Rule, 'severity' | 'origin' | 'bites'> = { severity: 'error', origin: 'controller', bites: 'runtime' };

const BOTH: ClusterRule = {
  ...WEBHOOK,
  code: 'KSV1211',
  about: ['storageUris'],
  title: 'A component has one model and a list of models',
  mirrors: 'InferenceService validator: validateMultipleStorageURIs',
  explanation: 'storageUri and storageUris exclude each other in a component; for a container of one\'s own the variable STORAGE_URI counts as the former.',
  check: (manifest) => storedIn(manifest).lists
    .filter(({ besideSingle }) => besideSingle)
    .map(({ component: { at } }) => ({
      at: `${at}/storageUris`,
      message: 'has a list of sources beside a single one, and KServe refuses both together',
      fix: 'put everything into `sources`, and leave `source` out.',
    })),
};

const ENTRY: ClusterRule = {
  ...WEBHOOK,
  code: 'KSV1212',
  about: ['storageUris'],
  title: 'One of several sources is incomplete or mounted at a bad path',
  mirrors: 'InferenceService validator: validateStorageURISpec',
  explanation: 'Each entry needs a URI, and an absolute mount path that is not the root and does not climb upwards.',
  check: (manifest) => storedIn(manifest).lists.flatMap(({ mounts }) => mounts.flatMap(({ entry, entryAt, path }) => [
    ...(entry.uri === undefined || entry.uri === '' ? [{
      at: entryAt,
      message: 'has no URI',
      fix: 'use a ModelSource with a URI; a storage key works only as the single `source`.',
    }] : []),
    ...(path === undefined || (path.startsWith('/') && path !== '/' && !path.includes('..') && path.length <= 255) ? [] : [{
      at: `${entryAt}/mountPath`,
      value: path,
      message: 'is no path that a model can be mounted at',
      allowed: 'absolute paths below /, without `..`, of up to 255 characters',
      fix: 'write a path such as /mnt/models/adapter.',
    }]),
  ])),
};

const COMMON_PARENT: ClusterRule = {
  ...WEBHOOK,
  code: 'KSV1213',
  about: ['storageUris'],
  title: 'The mount paths of several sources do not go together',
  mirrors: 'InferenceService validator: validateMultipleStorageURIsSpec',
  explanation: 'KServe downloads everything into one volume at the folder that all paths share, which must not be the root. Each volume claim needs a path of its own.',
  check: (manifest) => storedIn(manifest).lists.flatMap(({ component: { at }, mounts }) => {
    // the webhook counts images among the downloads
    const downloads = mounts.filter((mount) => mount.uri !== undefined && !isClaim(mount));
    const paths = downloads.flatMap(({ path }) => path ?? []);
    const claims = mounts.filter(isClaim);
    const repeated = claims.find(({ path }, i) => path !== undefined && claims.findIndex((other) => other.path === path) < i);
    return [
      ...(paths.length > 1 && commonParent(paths) === '/' ? [{
        at: `${at}/storageUris`,
        message: `mounts its sources at ${paths.join(', ')}, which share no folder below /`,
        fix: 'mount all downloaded sources below one folder, such as /mnt/models.',
      }] : []),
      ...(repeated === undefined ? [] : [{
        at: `${repeated.entryAt}${repeated.entry.mountPath === undefined ? '' : '/mountPath'}`,
        value: repeated.path,
        message: 'is the mount path of another volume claim',
        fix: 'set a mountPath of its own for each claim.',
      }]),
    ];
  }),
};

const CLAIM_PATH: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1214',
  about: ['storageUris'],
  title: 'The path in a volume claim is dropped',
  mirrors: 'CommonStorageInitialization: PVC mounts of storageUris have no subPath',
  explanation: 'In a list of sources KServe mounts the root of a claim, whatever path its URI names, so the model is not where the server looks for it.',
  check: (manifest) => storedIn(manifest).lists.flatMap(({ mounts }) => mounts
    .filter(({ uri, kind }) => kind === 'pvc' && /^pvc:\/\/[^/]+\/+[^/]/.test(uri!))
    .map(({ at, uri }) => ({
      at,
      value: uri,
      message: 'names a path, but among several sources the root of the claim is mounted',
      fix: `mount the claim (${uri!.split('/').slice(0, 3).join('/')}) and let the server look in the folder, or make it the single \`source\`.`,
    }))),
};

const IMAGES: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1223',
  about: ['storageUris'],
  title: 'Several sources with images do not go together',
  mirrors: 'CommonStorageInitialization, ValidateOCIMountPaths',
  explanation: 'Before KServe 0.20 a pod has one model image and then no other source. From 0.20 each image of the sidecar kind hides the parent folder of its path, so no two may share it.',
  check: (manifest, { target }) => storedIn(manifest).lists.flatMap(({ component: { at }, mounts }) => {
    const { maxOciUris } = target.release._data.storage;
    // explicit modes are not checked upstream
    const images = mounts.filter(({ uri }) => uri?.startsWith('oci://'));
    if (mounts.some(isImage) && maxOciUris === undefined) {
      return mounts.length < 2 ? [] : [{
        at: `${at}/storageUris`,
        message: `has an image among several sources, of which KServe ${target.release.version} then uses one`,
        fix: 'download all of them, put everything into one image, or use KServe 0.20.',
      }];
    }
    if (maxOciUris !== undefined && images.length > maxOciUris) {
      return [{ at: `${at}/storageUris`, message: `has ${images.length} images`, allowed: `${maxOciUris} in a pod`, fix: 'put several models into one image.' }];
    }
    const native = target.ociModelMode === OciModelMode.NATIVE;
    const place = (path: string) => native ? path : path.replace(/\/[^/]*$/, '') || '/';
    const clash = images.find(({ path }, i) => path !== undefined
      && images.slice(0, i).some((other) => other.path !== undefined && place(other.path) === place(path)));
    return clash === undefined ? [] : [{
      at: `${clash.entryAt}${clash.entry.mountPath === undefined ? '' : '/mountPath'}`,
      value: clash.path,
      message: native ? 'is the mount path of another image' : `is in ${place(clash.path!)}, where another image is mounted already`,
      fix: native ? 'set a mountPath of its own.' : 'give each image a folder of its own, such as /mnt/models/a/model and /mnt/models/b/model.',
    }];
  }),
};

const VOLUME_NAME: ClusterRule = {
  ...CONTROLLER,
  code: 'KSV1224',
  about: ['storageUris'],
  title: 'A mount path cannot be the name of a volume',
  mirrors: 'GetVolumeNameFromPath',
  explanation: 'KServe names the volume of a source by its mount path, with dashes for slashes. Kubernetes refuses names with other than lower-case letters, digits and dashes.',
  check: (manifest) => storedIn(manifest).lists.flatMap(({ component: { at }, mounts }) => {
    const downloads = mounts.filter(isDownload);
    const folder = commonParent(downloads.flatMap(({ path }) => path ?? []));
    const candidates = [
      ...mounts.filter(isClaim).map(({ path, entry, entryAt }) => ({ path, at: entry.mountPath === undefined ? entryAt : `${entryAt}/mountPath` })),
      ...(downloads.length === 1 ? [{ path: folder, at: `${downloads[0].entryAt}/mountPath` }] : [{ path: folder, at: `${at}/storageUris` }]),
    ];
    return candidates.flatMap(({ path, at: pointer }) => {
      const name = path?.replace(/^\/+|\/+$/g, '').replace(/\//g, '-');
      return name === undefined || name === '' || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? [] : [{
        at: pointer,
        value: path,
        message: `would make a volume named '${name}'`,
        allowed: 'up to 63 lower-case letters, digits, dashes and slashes',
        fix: 'choose such a path.',
      }];
    });
  }),
};

/** The folder that all paths share. */
function commonParent(paths: string[]): string {
  const [first = [], ...others] = paths.map((path) => path.replace(/^\/+|\/+$/g, '').split('/'));
  const end = first.findIndex((step, i) => others.some((other) => other[i] !== step));
  return `/${first.slice(0, end === -1 ? undefined : end).join('/')}`;
}

/** Rules about several sources of one component. */
export const MOUNT_RULES: ClusterRule[] = [BOTH, ENTRY, COMMON_PARENT, CLAIM_PATH, IMAGES, VOLUME_NAME];

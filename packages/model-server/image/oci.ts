import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Entry, writeTar } from './tar';

const MEDIA = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

export type Architecture = 'amd64' | 'arm64';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly architecture: Architecture; readonly os: 'linux' };
  readonly annotations?: { readonly [key: string]: string };
  readonly artifactType?: string;
}

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A layer: its archive packed, and the digest of the archive itself. */
export interface Layer {
  readonly packed: Uint8Array;
  readonly diffId: string;
  readonly title: string;
}

export function makeLayer(title: string, entries: readonly Entry[]): Layer {
  const archive = writeTar(entries);
  return { packed: gzipSync(archive, { level: 9 }), diffId: digestOf(archive), title };
}

/** How a container of the image starts. */
export interface RunConfig {
  readonly User: string;
  readonly ExposedPorts: { readonly [port: string]: object };
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: { readonly [key: string]: string };
  readonly StopSignal: string;
}

/** One image of one architecture. */
export interface ImageParts {
  readonly architecture: Architecture;
  readonly created: string;
  readonly run: RunConfig;
  readonly layers: readonly Layer[];
  readonly annotations: { readonly [key: string]: string };
  /** A document about the image, attached to it as an artifact of its own. */
  readonly attached?: { readonly type: string; readonly content: Uint8Array };
}

/** Blobs by digest, and the index that leads to them. */
export class Layout {
  public readonly blobs = new Map<string, Uint8Array>();
  private readonly manifests: Descriptor[] = [];

  public add(image: ImageParts): Descriptor {
    const config = this.json(MEDIA.config, {
      created: image.created,
      architecture: image.architecture,
      os: 'linux',
      config: image.run,
      rootfs: { type: 'layers', diff_ids: image.layers.map((layer) => layer.diffId) },
      history: image.layers.map((layer) => ({ created: image.created, created_by: `kserve-model-server image: ${layer.title}` })),
    });
    const manifest: Descriptor = {
      ...this.json(MEDIA.manifest, {
        schemaVersion: 2,
        mediaType: MEDIA.manifest,
        config,
        layers: image.layers.map((layer) => this.blob(MEDIA.layer, layer.packed)),
        annotations: image.annotations,
      }),
      platform: { architecture: image.architecture, os: 'linux' },
    };
    this.manifests.push(manifest);
    if (image.attached !== undefined) {
      const { type, content } = image.attached;
      this.manifests.push({
        ...this.json(MEDIA.manifest, {
          schemaVersion: 2,
          mediaType: MEDIA.manifest,
          artifactType: type,
          config: { ...this.blob(MEDIA.empty, Buffer.from('{}')) },
          layers: [this.blob(type, content)],
          subject: { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.size },
        }),
        artifactType: type,
      });
    }
    return manifest;
  }

  /** The index of all images as a blob; `images` leaves out what is attached, which not every registry takes in an index. */
  public index(annotations: { readonly [key: string]: string }): Descriptor {
    const images = this.manifests.filter((manifest) => manifest.artifactType === undefined);
    return this.json(MEDIA.index, { schemaVersion: 2, mediaType: MEDIA.index, manifests: images, annotations });
  }

  public get attachments(): readonly Descriptor[] {
    return this.manifests.filter((manifest) => manifest.artifactType !== undefined);
  }

  public get images(): readonly Descriptor[] {
    return this.manifests.filter((manifest) => manifest.artifactType === undefined);
  }

  /** The layout's files by path, the image under a name. */
  public files(index: Descriptor, name: string): Entry[] {
    const top = {
      schemaVersion: 2,
      mediaType: MEDIA.index,
      manifests: [{ ...index, annotations: { 'org.opencontainers.image.ref.name': name } }, ...this.attachments],
    };
    return [
      { path: 'oci-layout', content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') },
      { path: 'index.json', content: Buffer.from(JSON.stringify(top)) },
      ...[...this.blobs].map(([digest, content]) => ({ path: `blobs/${digest.replace(':', '/')}`, content })),
    ];
  }

  private json(mediaType: string, value: unknown): Descriptor {
    return this.blob(mediaType, Buffer.from(JSON.stringify(value)));
  }

  private blob(mediaType: string, content: Uint8Array): Descriptor {
    const digest = digestOf(content);
    this.blobs.set(digest, content);
    return { mediaType, digest, size: content.length };
  }
}

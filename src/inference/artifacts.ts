import { caused } from '../core/cause';
import { defined } from '../core/fields';
import { ModelSource } from '../model';
import { ArtifactOptions } from './predictor';

/** All sources of a component, each with the prop that names it. */
export function sourcesOf(props: ArtifactOptions): { prop: string; source: ModelSource }[] {
  return [
    ...props.source === undefined ? [] : [{ prop: 'source', source: props.source }],
    ...(props.sources ?? []).map(({ source }, i) => ({ prop: `sources[${i}].source`, source })),
  ];
}

/** Whether any source of a component has credentials. */
export function hasCredentials({ source, sources }: ArtifactOptions): boolean {
  return source?.credentials !== undefined || (sources?.some((mount) => mount.source.credentials !== undefined) ?? false);
}

/** The storage fields: `single` belongs to the model or explainer, `several` to the component. */
export function renderArtifacts({ source, sources }: ArtifactOptions): { single: { [field: string]: any }; several: { [field: string]: any } } {
  return {
    single: source === undefined ? {} : defined({
      storageUri: caused('source', source._storageUri()),
      storage: caused('source', source._storage()),
    }),
    several: sources === undefined ? {} : {
      storageUris: sources.map((mount, i) => caused(`sources[${i}]`, defined({
        uri: caused('source', mount.source._storageUri()),
        mountPath: caused('mountPath', mount.mountPath),
      }))),
    },
  };
}

/** How a container of one's own asks for its model: KServe downloads it and rewrites the value to `/mnt/models`. */
export function storageUriVariable({ source }: ArtifactOptions): { [field: string]: any } | undefined {
  return source && caused('source', { name: 'STORAGE_URI', value: source._storageUri() });
}

import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Deferred } from '../core/deferred';

/** The object of a kind that a construct of this program makes; undefined for what others made. */
export function objectOf(construct: IConstruct, kind: string): ApiObject | undefined {
  const child = ApiObject.isApiObject(construct) ? construct : construct.node.defaultChild;
  return child !== undefined && ApiObject.isApiObject(child) && (child as ApiObject).kind === kind ? child as ApiObject : undefined;
}

/** The annotations of an object. */
export function annotationsOf(object: ApiObject): { [key: string]: string | undefined } {
  return object.metadata.toJson()?.annotations ?? {};
}

/** An annotation that is there already with another value. */
export interface AnnotationConflict {
  readonly object: ApiObject;
  readonly key: string;
  readonly present: string;
  readonly wanted: string;
}

/** Adds annotations to an object and returns those that are there with another value. */
export function annotate(object: ApiObject, wanted: { readonly [key: string]: string }): AnnotationConflict[] {
  const present = annotationsOf(object);
  return Object.entries(wanted).flatMap(([key, value]) => {
    const other = present[key];
    if (other === undefined) {
      object.metadata.addAnnotation(key, value);
    }
    return other === undefined || Deferred.is(other) || Deferred.is(value) || other === value
      ? []
      : [{ object, key, present: other, wanted: value }];
  });
}

/** An object of a manifest while it is rendered. */
export type Fields = { [field: string]: any };

/** The object, unless it has no fields: cdk8s would write `{}`. */
export function nonEmpty(fields: Fields): Fields | undefined {
  return Object.keys(fields).length > 0 ? fields : undefined;
}

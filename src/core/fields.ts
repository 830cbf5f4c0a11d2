/** An object of a manifest while it is rendered. */
export type Fields = { [field: string]: any };

/** The fields of some objects, where later ones win; undefined if there are none: cdk8s would write `{}`. */
export function nonEmpty(...objects: (Fields | undefined)[]): Fields | undefined {
  const fields = Object.assign({}, ...objects);
  return Object.keys(fields).length > 0 ? fields : undefined;
}

/** The fields that are not undefined, so that they do not hide others in a spread. */
export function defined(fields: { [field: string]: unknown }): Fields {
  return overlaid({}, fields);
}

/** Puts the fields that are not undefined over those of an object of its own, which it returns. */
export function overlaid(own: Fields, fields: { [field: string]: unknown }): Fields {
  for (const field in fields) {
    if (fields[field] !== undefined) {
      own[field] = fields[field];
    }
  }
  return own;
}

/** A function that looks once at each object; for what many rules ask of one manifest, which never changes. */
export function rememberEach<K extends object, V>(look: (key: K) => V): (key: K) => V {
  const seen = new WeakMap<K, V>();
  return (key) => {
    let value = seen.get(key);
    if (value === undefined) {
      seen.set(key, value = look(key));
    }
    return value;
  };
}

/** The same where one object is asked about after the other, so that the last answer is enough. */
export function rememberLast<K extends object, V>(look: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) {
      last = { key, value: look(key) };
    }
    return last.value;
  };
}

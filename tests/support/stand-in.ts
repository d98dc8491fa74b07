/** Can be named before there is anything to name: whatever is asked of it is asked of what there is by then. */
export const standIn = <T extends object>(present: () => T): T =>
  new Proxy({} as T, {
    get: (_, key) => Reflect.get(present(), key),
    set: (_, key, value) => Reflect.set(present(), key, value),
  });

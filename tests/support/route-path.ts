import { v7 as uuid } from "uuid";

/** What is no id in an address. */
export const noIds: Record<string, string> = {
  kind: "create.csv",
  language: "en",
  fileNo: "1",
  rowNo: "2",
  sessionId: "0".repeat(32),
};

/** The path of a route below a tenant's address, with ids in it: those given, otherwise ones that nobody has. */
export const pathOf = (path: string, ids: Record<string, string> = {}) =>
  path
    .replace(/^\/t\/:tenant/, "")
    .replace(/:(\w+)/g, (_, name: string) => ids[name] ?? noIds[name] ?? uuid());

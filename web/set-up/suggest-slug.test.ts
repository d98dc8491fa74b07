import { expect, it } from "vitest";
import { tenantSlug } from "#server/features/tenants/contract.ts";
import { suggestSlug } from "./suggest-slug.ts";

it.each([
  ["Northwind Ltd", "northwind-ltd"],
  ["Müller & Söhne GmbH", "mueller-and-soehne-gmbh"],
  ["Académie de l'Été", "academie-de-l-ete"],
  [`${"long ".repeat(7)}name here`, "long-long-long-long-long-long-long-name"],
])("suggests for %s a slug that is allowed", (name, slug) => {
  expect(suggestSlug(name)).toBe(slug);
  expect(tenantSlug.safeParse(slug).success).toBe(true);
});

import { useRef, useState } from "react";
import {
  changeImportRow,
  getImport,
  type Import,
  type ImportRow,
} from "#server/features/imports/contract.ts";
import { ApiProblem } from "../api.ts";
import { read, useCall, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import type { ValueField } from "./row-columns.ts";
import { forgetOtherRows } from "./use-row-pages.ts";

/** What somebody typed that is not in the row yet: on its way, or refused with why. */
export type Draft = { typed: string; problem?: string };
export type Drafts = ReadonlyMap<string, Draft>;

export const draftKey = ({ fileNo, rowNo }: Pick<ImportRow, "fileNo" | "rowNo">, field: ValueField) =>
  `${fileNo}:${rowNo}:${field}`;

type Options = { replace: (row: ImportRow) => void; say: (row: ImportRow, now: Import) => void };

/** Corrections of rows. What was typed stays at its place until it is saved, also where it could not be. */
export function useRowEdits(found: Import, { replace, say }: Options) {
  const params = { tenant: useTenant(), importId: found.id };
  const change = useCall(changeImportRow);
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  // One after the other: the counts of a later answer are the newer ones.
  const queue = useRef(Promise.resolve());

  const put = (key: string, draft: Draft | undefined) =>
    setDrafts((before) => {
      const next = new Map(before);
      if (draft) next.set(key, draft);
      else next.delete(key);
      return next;
    });

  const send = async (row: ImportRow, field: ValueField, typed: string) => {
    const key = draftKey(row, field);
    const { fileNo, rowNo } = row;
    try {
      const now = await change.mutateAsync({
        params: { ...params, fileNo, rowNo },
        body: field === "status" ? { suspended: typed === "Suspended" } : { [field]: typed },
      });
      replace(now.row);
      queryClient.setQueryData(read(getImport, { params }).queryKey, now.import);
      void forgetOtherRows(found.id);
      say(now.row, now.import);
      put(key, undefined);
    } catch (problem) {
      const why = problem instanceof ApiProblem ? problem.detail : "That did not work. Try again.";
      put(key, { typed, problem: why });
    }
  };
  const save = (row: ImportRow, field: ValueField, typed: string) => {
    put(draftKey(row, field), { typed });
    queue.current = queue.current.then(() => send(row, field, typed));
  };
  const drop = (row: ImportRow, field: ValueField) => put(draftKey(row, field), undefined);
  return { drafts, save, drop };
}

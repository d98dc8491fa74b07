import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { cancelImport, createImport, getImport, type Import } from "#server/features/imports/contract.ts";
import { ApiProblem, call, upload } from "../api.ts";
import { forget, read, useTenant } from "../shell/queries.ts";
import { queryClient } from "../shell/query-client.ts";
import { remember, rememberedFiles, withMore } from "./chosen-files.ts";

type Uploading = { names: readonly string[]; share: number };

/** Choosing files uploads them at once and has them checked. Nothing is imported by it. */
export function useUpload(current: Import | undefined) {
  const tenant = useTenant();
  const navigate = useNavigate();
  const [uploading, setUploading] = useState<Uploading | null>(null);
  const [problem, setProblem] = useState("");
  const stop = useRef<AbortController | null>(null);
  useLeavingWarning(uploading !== null);
  useEffect(() => () => stop.current?.abort(), []);

  const send = async (files: readonly File[]) => {
    const controller = new AbortController();
    stop.current = controller;
    setProblem("");
    setUploading({ names: files.map((file) => file.name), share: 0 });
    const onProgress = (share: number) => setUploading((before) => before && { ...before, share });
    try {
      const made = await upload(
        createImport,
        { params: { tenant } },
        { files, onProgress, signal: controller.signal },
      );
      remember(made.id, files);
      const params = { tenant, importId: made.id };
      queryClient.setQueryData(read(getImport, { params }).queryKey, made);
      // What was checked before is replaced by this; it was never applied, and nobody needs to look at it again.
      if (current?.state === "checked") await discard(tenant, current.id);
      await navigate({ to: "/t/$tenant/imports/$importId", params, replace: current !== undefined });
      void forget("imports");
    } catch (caught) {
      if (!controller.signal.aborted) {
        setProblem(
          caught instanceof ApiProblem ? caught.detail : "The upload did not work. Choose the files again.",
        );
      }
    } finally {
      setUploading(null);
    }
  };

  const leaveAllOut = async (importId: string) => {
    await discard(tenant, importId);
    await navigate({ to: "/t/$tenant/import", params: { tenant }, replace: true });
    void forget("imports");
  };

  const replaceable = current === undefined || current.state === "checked";
  const before = replaceable ? rememberedFiles(current?.id) : [];
  /** The only file can always go. One of several only while this page still holds the others: not after a reload. */
  const removal = () => {
    if (current?.state !== "checked") return undefined;
    if (current.files.length === 1) return () => void leaveAllOut(current.id);
    if (before.length !== current.files.length) return undefined;
    return (fileNo: number) => void send(before.filter((_, index) => index !== fileNo - 1));
  };
  return {
    uploading,
    problem,
    choose: (files: readonly File[]) => {
      if (files.length > 0) void send(withMore(before, files));
    },
    remove: removal(),
    stop: () => stop.current?.abort(),
  };
}

const discard = (tenant: string, importId: string) =>
  call(cancelImport, { params: { tenant, importId } }).catch(() => undefined);

/** An upload dies with its page; whoever closes it while one is under way is asked first. */
function useLeavingWarning(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}

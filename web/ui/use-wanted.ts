import { useState } from "react";

/** A switch that shows at once what was wanted, and falls back to how things are when the server has answered. */
export function useWanted(actual: boolean, change: (wanted: boolean) => Promise<unknown>) {
  const [wanted, setWanted] = useState<boolean | null>(null);
  const toggle = (next: boolean) => {
    if (wanted !== null) return;
    setWanted(next);
    void change(next).finally(() => setWanted(null));
  };
  return [wanted ?? actual, toggle] as const;
}

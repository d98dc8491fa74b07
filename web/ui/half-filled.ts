import { createContext, useContext, useEffect } from "react";

/**
 * Tells the panel or page around a form that leaving it would lose something, and takes that back: once each, so that forms can
 * be counted. Elsewhere nobody listens.
 */
export const HalfFilled = createContext<(halfFilled: boolean) => void>(() => {});

export function useHalfFilled(halfFilled: boolean) {
  const tell = useContext(HalfFilled);
  useEffect(() => {
    if (!halfFilled) return;
    tell(true);
    return () => tell(false);
  }, [tell, halfFilled]);
}

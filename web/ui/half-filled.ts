import { createContext, useContext, useEffect } from "react";

/** Tells the panel around a form whether closing it would lose something. Outside a panel nobody listens. */
export const HalfFilled = createContext<(halfFilled: boolean) => void>(() => {});

export function useHalfFilled(halfFilled: boolean) {
  const tell = useContext(HalfFilled);
  useEffect(() => {
    tell(halfFilled);
    return () => tell(false);
  }, [tell, halfFilled]);
}

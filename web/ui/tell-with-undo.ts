import { tellWithButton } from "./tell-with-button.tsx";
import { tellProblem } from "./toast.ts";

/** Says what happened, in a whole sentence, and offers to take it back. */
export const tellWithUndo = (message: string, undo: () => Promise<unknown>) =>
  tellWithButton(message, "Undo", () => void undo().catch(tellProblem));

import { Fragment } from "react";
import classes from "./prose.module.css";

/** Words of the rules and the server, in which `backticks` mark what was read or should be written. */
export const Prose = ({ children }: { children: string }) =>
  children.split("`").map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
    <Fragment key={index}>{index % 2 === 1 ? <code className={classes.code}>{part}</code> : part}</Fragment>
  ));

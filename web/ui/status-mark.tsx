import classes from "./status-mark.module.css";

export type Shape = "full" | "empty" | "half" | "problem";

const shapes: Record<Shape, React.ReactNode> = {
  full: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  empty: <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.4" />,
  half: (
    <>
      <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M6 2.1a3.9 3.9 0 0 0 0 7.8Z" fill="currentColor" />
    </>
  ),
  problem: <path d="M5.1 1h1.8l-.3 6.6H5.4L5.1 1ZM6 9a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z" fill="currentColor" />,
};

type Props = { shape: Shape; tone: "ok" | "plain" | "warn" | "bad"; children: React.ReactNode };

/** A state by colour, by shape and by word: any one of the three is enough. */
export const StatusMark = ({ shape, tone, children }: Props) => (
  <span className={classes.mark}>
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" data-tone={tone}>
      {shapes[shape]}
    </svg>
    <span>{children}</span>
  </span>
);

import { median, spread } from "./time.ts";

export type Figure = {
  figure: string;
  /** Time over the limit's time (less is better); for `….share` the share of the limit reached (more is better). */
  ratio: number;
  bar: number;
  ours_s: number;
  limit_s: number;
  settings: Record<string, unknown>;
};

export type Options = { rows: number; runs: number };

/** What each script of `benchmarks/` exports. */
export type Benchmark = {
  /** One line: what is measured against what. */
  about: string;
  /** Each figure's name and the ratio it is held to. */
  bars: Record<string, number>;
  /** Rows and runs where nothing else is asked for. */
  usual: Options;
  measure(options: Options): Promise<Figure[]>;
};

const isShare = (figure: string) => figure.endsWith(".share");

/** The medians of ours and of the limit, taken in the same runs, in seconds. */
export function compare(
  { figure, bar }: Pick<Figure, "figure" | "bar">,
  { ours, limit }: { ours: number[]; limit: number[] },
  settings: Figure["settings"],
): Figure {
  const [ours_s, limit_s] = [median(ours), median(limit)];
  return {
    figure,
    ratio: isShare(figure) ? limit_s / ours_s : ours_s / limit_s,
    bar,
    ours_s,
    limit_s,
    settings: { ...settings, ours: spread(ours), limit: spread(limit) },
  };
}

export const isWithin = ({ figure, ratio, bar }: Pick<Figure, "figure" | "ratio" | "bar">) =>
  isShare(figure) ? ratio >= bar : ratio <= bar;

/** `at most 1.5`, `at least 0.8`. */
export const barInWords = (figure: string, bar: number) =>
  `${isShare(figure) ? "at least" : "at most"} ${bar}`;

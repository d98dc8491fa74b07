import type { Door } from "#server/context.ts";
import { compare, type Figure } from "./figure.ts";
import { askInTurn, percentile, type Question } from "./million.ts";
import { median } from "./time.ts";

type Measured = { door: Door; figure: string; bar: number; runs: number; settings: Record<string, unknown> };

const ms = (time: number) => `${(time * 1000).toFixed(1)} ms`;

/** What answering takes, transaction and all, as a multiple of a bare query in a transaction of the same kind. */
export async function listFigure(measured: Measured, questions: readonly Question[]): Promise<Figure> {
  const { door, figure, bar, runs, settings } = measured;
  const { ours, bare } = await askInTurn(door, questions, runs * 4);
  return compare(
    { figure, bar },
    { ours, limit: bare },
    {
      ...settings,
      asked: ours.length,
      p50: ms(median(ours)),
      p99: ms(percentile(ours, 99)),
      bareP99: ms(percentile(bare, 99)),
    },
  );
}

/** Something is left in peace until then: trying further is of no use. */
export type Trouble = { until: Date };

export type Breaker = {
  failed(): void;
  worked(): void;
  trouble(): Trouble | undefined;
  /** Has it failed since it last worked? */
  failing(): boolean;
};

const mostDoublings = 5;

/** After so many failures in a row it is time for a pause, for a longer one each time. */
export function openBreaker(failuresThatAreTrouble: number, pauseMs: number): Breaker {
  let failures = 0;
  let pauses = 0;
  let trouble: Trouble | undefined;
  const isPaused = () => trouble !== undefined && trouble.until.getTime() > Date.now();
  return {
    failed: () => {
      failures += 1;
      if (failures < failuresThatAreTrouble || isPaused()) return;
      trouble = { until: new Date(Date.now() + pauseMs * 2 ** Math.min(pauses, mostDoublings)) };
      pauses += 1;
    },
    worked: () => {
      failures = 0;
      pauses = 0;
      trouble = undefined;
    },
    trouble: () => (isPaused() ? trouble : undefined),
    failing: () => failures > 0,
  };
}

import { cpus } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

const watchMs = 2_000;
/** A machine is never quite still. */
const stillShare = 0.05;

/** Is nobody else at work? Asked while we do nothing ourselves. */
export async function isQuiet(): Promise<boolean> {
  const before = coreTimes();
  await pause(watchMs);
  const after = coreTimes();
  return (after.busy - before.busy) / (after.all - before.all) < stillShare;
}

function coreTimes() {
  const times = cpus().map((core) => core.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

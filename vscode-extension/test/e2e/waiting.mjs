// Has it happened yet? A wait with an end, and with words for what did not happen.

import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 50;
/** How many times longer than usual a machine that has much else to do may take. */
const PATIENCE = Number(process.env.PAIRWRIGHT_E2E_PATIENCE ?? 1);
/** The most that one thing may take, and that all tests of one workbench may take together. */
export const MOST_S = 60 * PATIENCE;
export const SUITE_MS = 480_000 * PATIENCE;

/** Returns the first truthy result of `probe`; throws once `seconds` are over. */
export async function until(what, probe, seconds = MOST_S) {
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const result = await probe();
    if (result) {
      return result;
    }
    await pause(INTERVAL_MS);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

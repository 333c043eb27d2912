// Has it happened yet? A wait with an end, and with words for what did not happen.

import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 50;

/** Returns the first truthy result of `probe`; throws once `seconds` are over. */
export async function until(what, probe, seconds = 30) {
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

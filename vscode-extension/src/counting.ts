// How is a number of things said? Pure.

/** Returns such as `1 step` and `3 steps`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}

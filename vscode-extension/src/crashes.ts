// After how many crashes is the server left alone? After five within three minutes. Pure.

const MOST_CRASHES = 4;
const WINDOW_MS = 180_000;

/** The crashes of late. */
export class Crashes {
  private times: readonly number[] = [];

  /** Counts one; tells whether to start again. */
  mayRestartAfter(now: number): boolean {
    this.times = [...this.times.filter((at) => now - at < WINDOW_MS), now];
    return this.times.length <= MOST_CRASHES;
  }

  get count(): number {
    return this.times.length;
  }

  forget(): void {
    this.times = [];
  }
}

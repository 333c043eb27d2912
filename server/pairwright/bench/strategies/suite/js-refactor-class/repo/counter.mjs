// Counting.

export function makeCounter() {
  let count = 0;
  return {
    increment() {
      count += 1;
    },
    reset() {
      count = 0;
    },
    value() {
      return count;
    },
  };
}

// Counting.

export class Counter {
  #count = 0;

  increment() {
    this.#count += 1;
  }

  reset() {
    this.#count = 0;
  }

  get value() {
    return this.#count;
  }
}

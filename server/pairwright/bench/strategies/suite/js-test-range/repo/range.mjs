// Ranges of numbers.

export function range(start, end, step = 1) {
  if (step === 0) throw new RangeError("the step is 0");
  const numbers = [];
  for (let number = start; step > 0 ? number < end : number > end; number += step) {
    numbers.push(number);
  }
  return numbers;
}

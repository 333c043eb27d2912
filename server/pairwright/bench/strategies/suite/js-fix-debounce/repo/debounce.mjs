// Calls that come too often.

export function debounce(action, delayMs) {
  let timer;
  return (...values) => {
    timer = setTimeout(() => action(...values), delayMs);
  };
}

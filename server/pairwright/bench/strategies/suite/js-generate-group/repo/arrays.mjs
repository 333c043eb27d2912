// Work with arrays.

export function last(items) {
  return items[items.length - 1];
}

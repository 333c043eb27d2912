// Addresses and their queries.

export function withoutQuery(address) {
  return address.split("?")[0];
}

export function parseQuery(text) {
  const found = {};
  for (const [key, value] of new URLSearchParams(text)) {
    (found[key] ??= []).push(value);
  }
  return found;
}

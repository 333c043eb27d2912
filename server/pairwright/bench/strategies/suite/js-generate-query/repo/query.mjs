// Addresses and their queries.

export function withoutQuery(address) {
  return address.split("?")[0];
}

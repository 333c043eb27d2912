// How is an amount shown? In few digits, and never as less than it is. For display only.

/** Returns an amount such as `$0.043`; `≥` says that calls without a price are left out. */
export function formatUsd(amount: string | undefined | null, unpricedCalls = 0): string {
  if (amount === undefined || amount === null) {
    return "price unknown";
  }
  const value = Number(amount);
  if (!Number.isFinite(value)) {
    return "price unknown";
  }
  return `${unpricedCalls > 0 ? "≥" : ""}${value < 0 ? "−" : ""}${shown(Math.abs(value))}`;
}

function shown(value: number): string {
  if (value === 0) {
    return "$0.00";
  }
  if (value < 0.0001) {
    return "<$0.0001";
  }
  if (value < 0.01) {
    return `$${value.toFixed(4)}`;
  }
  return value < 1 ? `$${value.toFixed(3)}` : `$${value.toFixed(2)}`;
}

/** Returns a cap such as `$0.50`: as it was set, and with cents at least. */
export function formatCap(amount: string): string {
  const value = Number(amount);
  const decimals = amount.includes(".") ? (amount.split(".")[1] ?? "").replace(/0+$/, "").length : 0;
  return `$${value.toFixed(Math.max(2, decimals))}`;
}

/** Returns which part of a cap is spent, 0 where there is no cap. */
export function shareOf(spent: string, cap: string): number {
  const limit = Number(cap);
  if (limit > 0) {
    return Number(spent) / limit;
  }
  return Number(spent) > 0 ? 1 : 0;
}

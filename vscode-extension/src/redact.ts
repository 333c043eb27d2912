// What must not be in a report? Keys, and where this user's files lie. Pure.

const SECRETS: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, "$1 [redacted]"],
  [/\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|glpat|AIza)[-_]?[A-Za-z0-9_-]{16,}/g, "[redacted]"],
  [/((?:api[-_]?key|token|secret|password|authorization)["']?\s*[:=]\s*["']?)[^\s"',;]{4,}/gi, "$1[redacted]"],
  [/([a-z][a-z0-9+.-]*:\/\/)[^/\s:@]+:[^/\s@]+@/gi, "$1[redacted]@"],
];

/** Returns text without what looks like a secret, and with `~` for the home directory. */
export function redact(text: string, home: string): string {
  const tidied = SECRETS.reduce((rest, [pattern, shown]) => rest.replace(pattern, shown), text);
  return home.length > 1 ? tidied.split(home).join("~") : tidied;
}

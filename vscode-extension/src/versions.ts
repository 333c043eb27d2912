// Do the server and the extension fit each other? By the first two numbers of their versions. Pure.

/** Returns what to tell a person; undefined where both fit, or nothing is known. */
export function mismatchOf(extension: string, server: string | undefined): string | undefined {
  return server === undefined || minorOf(server) === minorOf(extension)
    ? undefined
    : `Pairwright's server is ${server} and its extension ${extension}: bring both to one version.`;
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** The server and database of an address, for people: never with a password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `PostgreSQL ${hostname}${port === "" ? "" : `:${port}`}${pathname}`;
  } catch {
    return "PostgreSQL";
  }
}

/** What is wrong with an address; undefined where it can be one. Never shows it: it may hold a password. */
export function postgresAddressFault(url: string): string | undefined {
  if (!URL.canParse(url)) return "cannot be read as an address";
  const { protocol, hostname, pathname } = new URL(url);
  if (!/^postgres(?:ql)?:$/u.test(protocol)) return `begins with ${protocol}//`;
  if (hostname === "" && !url.includes("?host=")) return "names no host";
  return pathname.length > 1 ? undefined : "names no database";
}

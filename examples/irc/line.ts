/** One line of the protocol (RFC 1459 with IRCv3 message tags), read and written. */

export interface Line {
  readonly tags: Readonly<Record<string, string>>;
  /** Who sent it: `nick!user@host`, or a server. */
  readonly source: string;
  readonly command: string;
  readonly parameters: readonly string[];
}

const shape = /^(?:@(?<tags>\S+) +)?(?::(?<source>\S+) +)?(?<command>[A-Za-z]+|\d{3})(?<rest>.*)$/u;

/** Undefined for what is no line of the protocol. */
export function readLine(text: string): Line | undefined {
  const groups = shape.exec(text.replace(/\r$/u, ""))?.groups;
  if (groups === undefined) return undefined;
  const { tags = "", source = "", command = "", rest = "" } = groups;
  const [middle = "", ...trailing] = rest.split(/ :(.*)/su);
  return {
    tags: Object.fromEntries(tags.split(";").map((tag) => [tag.split("=")[0] ?? "", tag.split("=")[1] ?? ""])),
    source,
    command: command.toUpperCase(),
    parameters: [...middle.split(" ").filter((word) => word !== ""), ...trailing.slice(0, 1)],
  };
}

/** The nick of a source. */
export function nickOf({ source }: Pick<Line, "source">): string {
  return source.split("!")[0] ?? source;
}

import { cutText } from "../../core/text/cut.ts";

/** Makes the fragment names of a document's headings; reading and showing a document must agree on them. */
export function createAnchors(): (heading: string) => string {
  const used = new Set<string>();
  return (heading) => {
    const slug =
      cutText(
        heading
          .normalize("NFKD")
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
          .replaceAll(/^-+|-+$/g, ""),
        80,
      ) || "section";
    let anchor = slug;
    for (let count = 2; used.has(anchor); count += 1) anchor = `${slug}-${count}`;
    used.add(anchor);
    return anchor;
  };
}

/** What stands on a page and is not what the page says: menus, banners, forms' controls, scripts. */
export type Attributes = Readonly<Record<string, string>>;

/** Nothing in these is text to read. */
const UNREAD = new Set(
  "script style noscript template svg math iframe object embed audio video canvas map select textarea button datalist".split(
    " ",
  ),
);
const FURNITURE = new Set(["nav", "footer", "aside", "dialog", "menu"]);
const FURNITURE_ROLES = new Set(
  "navigation contentinfo search complementary dialog alertdialog menu menubar toolbar tablist".split(" "),
);
/** Of `class` and `id`, by their usual names. */
const FURNITURE_NAMES =
  /^(?:(?:cookies?|consent|gdpr)[-_]?(?:banner|bar|notice|consent|popup|modal|dialog|overlay|message|box|layer|hint|law)|onetrust.*|cybotcookiebot.*|usercentrics.*|cc-(?:window|banner)|breadcrumbs?|nav(?:bar|igation)?|(?:main|site|top|side|page)-?(?:nav|menu|footer)|sidebar|footer|skip-?(?:link|nav|to-content)|share(?:-?buttons|-?bar)?|social(?:-?(?:media|links|share))?|newsletter(?:-?signup)?|pagination|advert(?:isement)?s?|ads?-?(?:banner|box))$/iu;
/** Whatever they are called: they hold the document. */
const NEVER = new Set(["html", "head", "body", "main", "article", "table", "tbody", "thead", "tr"]);

/** Scripts and controls, and what is hidden from whoever reads the page. */
export function isUnread(name: string, attributes: Attributes): boolean {
  if (UNREAD.has(name) || (name === "input" && attributes["type"] !== undefined)) return true;
  if (NEVER.has(name)) return false;
  const style = attributes["style"]?.replaceAll(/\s/gu, "").toLowerCase() ?? "";
  const hidden = attributes["hidden"];
  return (
    (hidden !== undefined && hidden !== "until-found") ||
    attributes["aria-hidden"] === "true" ||
    style.includes("display:none") ||
    style.includes("visibility:hidden")
  );
}

/** Menus, footers and banners around the text. */
export function isFurniture(name: string, attributes: Attributes): boolean {
  if (FURNITURE.has(name)) return true;
  if (NEVER.has(name)) return false;
  if (FURNITURE_ROLES.has(attributes["role"] ?? "")) return true;
  const names = `${attributes["class"] ?? ""} ${attributes["id"] ?? ""}`.slice(0, 1_000).split(/\s+/u);
  return names.some((one) => FURNITURE_NAMES.test(one));
}

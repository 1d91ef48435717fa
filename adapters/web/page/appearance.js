/** Colours: the account's accent, and light or dark as the system or the person wants it. */

/**
 * @param {HTMLElement} button
 * @param {string} accent
 */
export function openAppearance(button, accent) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--on-accent", readableOn(accent));
  const isDark = () => (root.dataset.theme === undefined ? system.matches : root.dataset.theme === "dark");
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("parley.theme", root.dataset.theme);
    } catch {
      // Not remembered, but shown.
    }
    show();
  });
  system.addEventListener("change", show);
  show();
}

/**
 * Black or white, whichever has the higher contrast (WCAG 2.2, relative luminance).
 * @param {string} color `#rrggbb`
 */
function readableOn(color) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#0b0d10";
}

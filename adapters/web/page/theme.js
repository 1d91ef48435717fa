// Runs before the page is painted, so that a remembered theme does not flash.
(() => {
  try {
    const theme = localStorage.getItem("parley.theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme is used then.
  }
})();

// Runs before the first paint, so a dark screen never flashes white. Kept apart because inline scripts are forbidden.
(() => {
  const root = document.documentElement;
  try {
    const prefs = JSON.parse(localStorage.getItem("artel.prefs") || "{}");
    if (prefs.theme === "light" || prefs.theme === "dark") root.dataset.theme = prefs.theme;
    if (prefs.density === "roomy") root.dataset.density = "roomy";
    root.lang = prefs.language || (/^ru\b/i.test(navigator.language) ? "ru" : "en");
  } catch {
    root.lang = "en";
  }
  if (!globalThis.CSS?.supports("color", "light-dark(red, blue)") || !("popover" in HTMLElement.prototype)) {
    root.dataset.old = "";
    addEventListener("DOMContentLoaded", () => {
      document.getElementById("too-old").hidden = false;
    });
  }
})();

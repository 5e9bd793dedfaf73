import { createRoot } from "react-dom/client";
import "./ui/tokens.css";
import "./ui/fonts.css";
import "./ui/base.css";
import { startSession } from "./api";
import { App } from "./app/App";
import { startFeed } from "./app/services";
import { loadLanguage, preferredLanguage } from "./i18n";
import { prefs } from "./ui";

const root = document.getElementById("root");

// theme.js has already said what an old browser needs to hear.
if (root && document.documentElement.dataset.old === undefined) {
  // The one-time code leaves the address before anything else runs.
  const session = startSession();
  startFeed();
  const words = await loadLanguage(preferredLanguage(prefs().language));
  createRoot(root).render(<App first={words} />);
  await session;
}

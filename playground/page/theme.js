import { icon } from "./dom.js";

const ORDER = ["auto", "light", "dark"];
const NAMES = { auto: "как в системе", light: "светлая", dark: "тёмная" };
const ICONS = { auto: "auto", light: "sun", dark: "moon" };

function remembered() {
  return document.documentElement.dataset.theme ?? "auto";
}

function show(button) {
  const theme = remembered();
  button.replaceChildren(icon(ICONS[theme]));
  button.setAttribute("aria-label", `Тема: ${NAMES[theme]}`);
  button.title = `Тема: ${NAMES[theme]}`;
}

/** The button goes round system, light, dark; the choice is kept in localStorage under "theme". */
export function attachTheme(button) {
  show(button);
  button.addEventListener("click", () => {
    const theme = ORDER[(ORDER.indexOf(remembered()) + 1) % ORDER.length];
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Without storage the choice lives as long as the page.
    }
    show(button);
  });
}

// Light, dark or as the system says, for the page and the widget together.

const ORDER = ["system", "light", "dark"];
const NAMES = { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };
const REMEMBERED = "sandbox-bank:theme";

export function themeSwitch(button, chat) {
  let theme = localStorage.getItem(REMEMBERED) ?? "system";
  const apply = () => {
    button.textContent = NAMES[theme] ?? NAMES.system;
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
      chat.removeAttribute("theme");
    } else {
      document.documentElement.dataset.theme = theme;
      chat.setAttribute("theme", theme);
    }
  };
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    localStorage.setItem(REMEMBERED, theme);
    apply();
  });
  apply();
}

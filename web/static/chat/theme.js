// Colours, type and space of the widget. Each token reads a public custom property first (`--tellergate-…`, see docs/widget.md),
// so a bank sets its own; the defaults keep at least 4.5:1 for text and 3:1 for controls, light and dark.

const LIGHT = {
  canvas: "#f5f7f7",
  surface: "#ffffff",
  raised: "#ffffff",
  text: "#16232b",
  muted: "#566570",
  line: "#dfe5e8",
  edge: "#8a98a2",
  accent: "#0d5566",
  "accent-text": "#ffffff",
  "accent-soft": "#e4eff1",
  own: "#dcebee",
  "own-text": "#10313a",
  good: "#17693f",
  warn: "#8a4b00",
  "warn-soft": "#fdf3e1",
  bad: "#a3261d",
  "bad-soft": "#fbeceb",
  shadow: "0 1px 2px rgb(16 35 43 / 6%), 0 8px 24px rgb(16 35 43 / 8%)",
};

const DARK = {
  canvas: "#10171b",
  surface: "#182126",
  raised: "#1d272d",
  text: "#e7edf0",
  muted: "#9fb0ba",
  line: "#2b383f",
  edge: "#71828d",
  accent: "#86cbd9",
  "accent-text": "#06242c",
  "accent-soft": "#1c3239",
  own: "#1f434d",
  "own-text": "#e3f3f6",
  good: "#7fd0a2",
  warn: "#f0bd72",
  "warn-soft": "#332818",
  bad: "#f3a199",
  "bad-soft": "#3a2220",
  shadow: "0 1px 2px rgb(0 0 0 / 30%), 0 8px 24px rgb(0 0 0 / 35%)",
};

const SHARED = `
  --font: var(--tellergate-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Devanagari", "Nirmala UI", "Helvetica Neue", Arial, sans-serif);
  --radius: var(--tellergate-radius, 14px);
  --size: var(--tellergate-font-size, 15px);
`;

const declare = (colours) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}: var(--tellergate-${name}, ${value});`)
    .join("\n  ");

const declareDark = (colours) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}: var(--tellergate-dark-${name}, ${value});`)
    .join("\n  ");

export const THEME = `
:host {
  color-scheme: light;
  ${SHARED}
  ${declare(LIGHT)}
}
@media (prefers-color-scheme: dark) {
  :host(:not([theme="light"])) {
    color-scheme: dark;
    ${declareDark(DARK)}
  }
}
:host([theme="dark"]) {
  color-scheme: dark;
  ${declareDark(DARK)}
}
`;

// Rules of the frame: panel, header, composer, banner, launcher. Sheets are constructed, so a strict content policy needs no exception.

import { ENTRIES } from "./styles-entries.js";
import { THEME } from "./theme.js";

const FRAME = `
:host {
  display: block;
  block-size: var(--tellergate-height, 100%);
  min-block-size: 0;
  container-type: inline-size;
  font: 400 var(--size)/1.5 var(--font);
  color: var(--text);
  text-align: start;
  -webkit-font-smoothing: antialiased;
}
:host([hidden]), [hidden] { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }
button, input, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; }
button:disabled { cursor: default; }
h2, h3, p, dl, dd { margin: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.icon { inline-size: 1.15em; block-size: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; margin: -1px; padding: 0; border: 0; }

.panel {
  display: flex; flex-direction: column; block-size: 100%; min-block-size: 0; overflow: clip; position: relative;
  background: var(--canvas); border: 1px solid var(--line); border-radius: calc(var(--radius) + 4px); box-shadow: var(--shadow);
}
.top {
  display: flex; align-items: center; gap: 12px; padding: 14px 16px; flex: none;
  background: var(--surface); border-block-end: 1px solid var(--line);
}
.mark {
  display: grid; place-items: center; inline-size: 38px; block-size: 38px; border-radius: 11px; flex: none;
  background: var(--accent); color: var(--accent-text); font-size: 19px;
}
.titles { flex: 1; min-inline-size: 0; }
.heading { font-size: 1.06em; font-weight: 650; line-height: 1.3; letter-spacing: -.005em; overflow-wrap: anywhere; }
.status { font-size: .85em; line-height: 1.4; color: var(--muted); overflow-wrap: anywhere; }
.status::before {
  content: ""; display: inline-block; inline-size: 7px; block-size: 7px; margin-inline-end: 7px; border-radius: 50%; vertical-align: .1em;
  background: var(--good);
}
.status[data-state="queued"]::before { background: var(--warn); }
.status[data-state="agent"]::before { background: var(--accent); }
.status[data-state="offline"]::before, .status[data-state="closed"]::before { background: transparent; box-shadow: inset 0 0 0 1.5px var(--edge); }
.quiet {
  display: grid; place-items: center; min-inline-size: 36px; min-block-size: 36px; padding: 0 10px; flex: none;
  border: 1px solid transparent; border-radius: 9px; background: none; color: var(--muted); font-size: .87em; font-weight: 550;
}
.quiet:hover { background: var(--canvas); color: var(--text); }
.minimise { padding: 0; font-size: 1.1em; }
:host(:not([floating])) .minimise { display: none; }

.middle { position: relative; flex: 1; min-block-size: 0; display: flex; }
.log { position: relative; flex: 1; min-inline-size: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 20px 16px; scrollbar-width: thin; scrollbar-color: var(--edge) transparent; }
.log:focus-visible { outline-offset: -3px; }
.jump {
  position: absolute; inset-block-end: 12px; inset-inline-end: 16px; display: flex; align-items: center; gap: 6px;
  min-block-size: 36px; padding: 0 12px; border: 1px solid var(--line); border-radius: 999px;
  background: var(--raised); color: var(--accent); box-shadow: var(--shadow); font-size: .87em; font-weight: 600;
}
.jump span:empty { display: none; }

.awaited, .banner {
  display: flex; align-items: center; gap: 10px; flex: none; padding: 9px 16px;
  border-block-start: 1px solid var(--line); background: var(--accent-soft); font-size: .9em; line-height: 1.4;
}
.awaited span, .banner-text { flex: 1; }
.banner .icon { color: var(--warn); }
.banner { background: var(--warn-soft); }
.banner.error { background: var(--bad-soft); }
.banner.error .icon { color: var(--bad); }
.link {
  padding: 3px 2px; border: 0; border-radius: 5px; background: none; color: var(--accent); font-weight: 600;
  text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px;
}
.link:hover { text-decoration-thickness: 2px; }

.entries, .welcome, .thinking, .field, .beneath { inline-size: 100%; max-inline-size: 46rem; margin-inline: auto; }
.composer { position: relative; flex: none; padding: 12px 16px 10px; background: var(--surface); border-block-start: 1px solid var(--line); }
.field {
  display: flex; align-items: flex-end; gap: 6px; padding: 5px; border: 1px solid var(--edge); border-radius: var(--radius);
  background: var(--surface); transition: border-color .15s;
}
.field:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
.input {
  flex: 1; min-inline-size: 0; max-block-size: 9.5em; padding: 7px 9px; border: 0; outline: 0; resize: none; background: none;
  line-height: 1.45; overflow: hidden auto; scrollbar-width: thin; scrollbar-color: var(--edge) transparent;
}
.input::placeholder { color: var(--muted); opacity: 1; }
.send {
  display: grid; place-items: center; inline-size: 36px; block-size: 36px; flex: none; border: 0; border-radius: 10px;
  background: var(--accent); color: var(--accent-text); font-size: 17px; transition: background .15s, color .15s;
}
.send:disabled { background: var(--canvas); color: var(--muted); }
.send:not(:disabled):hover { filter: brightness(1.08); }
.beneath { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 14px; margin-block-start: 7px; font-size: .81em; color: var(--muted); }
.beneath .link { font-weight: 550; }
.advice { flex: 1 1 auto; }
.count:empty { display: none; }
.count { font-variant-numeric: tabular-nums; }
.count.over { color: var(--bad); font-weight: 600; }

.launcher { display: none; }
:host([floating]) { position: fixed; inset: auto 20px 20px auto; inset-inline: auto 20px; z-index: 1000; block-size: auto; container-type: normal; }
:host([floating]) .panel { inline-size: min(400px, calc(100vw - 40px)); block-size: min(660px, calc(100dvh - 40px)); container-type: inline-size; }
:host([floating]) .launcher {
  position: relative; display: grid; place-items: center; inline-size: 58px; block-size: 58px; border: 0; border-radius: 50%;
  background: var(--accent); color: var(--accent-text); font-size: 25px; box-shadow: var(--shadow);
}
.badge {
  position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 22px; block-size: 22px; padding: 0 6px;
  border: 2px solid var(--surface); border-radius: 999px; background: #a3261d; color: #fff;
  font-size: 12px; font-weight: 700; line-height: 18px; text-align: center;
}
@media (max-width: 480px) {
  :host([floating][open]) { inset: 0; }
  :host([floating]) .panel { inline-size: 100vw; block-size: 100dvh; border: 0; border-radius: 0; }
}
@container (max-width: 360px) {
  .top, .composer { padding-inline: 12px; }
  .log { padding-inline: 12px; }
  .mark { inline-size: 34px; block-size: 34px; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .bubble, .card, .send, .mark { border: 1px solid CanvasText; }
  .status::before { background: CanvasText; }
}
`;

let sheets = null;

/** The sheets, made once for all widgets of a page. */
export function SHEETS() {
  sheets ??= [THEME, FRAME, ENTRIES].map((rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
  });
  return sheets;
}

// The widget's frame: launcher, header, conversation, banner, composer. Structure and names only; behaviour is the element's.

import { el, icon } from "./dom.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { OTHER_LANGUAGE } from "./strings.js";

const STARTERS = ["welcome.balance", "welcome.dispute", "welcome.human"];

/** Builds everything inside the shadow root. `actions` are the element's own methods, called by the controls. */
export function buildView(words, actions) {
  const announcer = el("div", { className: "unseen", attrs: { role: "status", "aria-live": "polite" } });
  const announce = (text) => (announcer.textContent = text);
  const banner = new Banner({ words, announce });
  const composer = new Composer({ words, onSend: actions.send, onTyping: actions.typing, onPerson: actions.person });
  const header = buildHeader(words, actions);
  const conversation = buildConversation(words, actions);
  const awaited = buildAwaited(words, actions);
  const panel = words.put(
    el(
      "section",
      { className: "panel", id: "panel", attrs: { part: "panel" }, on: { keydown: actions.key } },
      header.header, conversation.middle, awaited, banner.node, composer.node, announcer,
    ),
    "panel.label", {}, "aria-label",
  );
  const badge = el("span", { className: "badge", hidden: true, attrs: { "aria-hidden": "true" } });
  const launcher = el(
    "button",
    { type: "button", className: "launcher", attrs: { part: "launcher", "aria-expanded": "false", "aria-controls": "panel" }, on: { click: actions.open } },
    icon("chat"), badge,
  );
  words.put(launcher, "panel.open", {}, "aria-label");
  return { ...header, ...conversation, awaited, panel, launcher, badge, banner, composer, announce };
}

function buildHeader(words, { minimise, language }) {
  const heading = words.put(el("h2", { className: "heading", attrs: { part: "heading" } }), "panel.heading");
  const status = words.put(el("p", { className: "status", attrs: { part: "status", role: "status", "data-state": "offline" } }), "status.starting");
  const other = el("button", { type: "button", className: "quiet", on: { click: language } });
  words.put(other, (spoken) => OTHER_LANGUAGE[spoken.language].name);
  words.put(other, (spoken) => spoken.say("panel.language", { language: OTHER_LANGUAGE[spoken.language].name }), {}, "aria-label");
  words.put(other, (spoken) => OTHER_LANGUAGE[spoken.language].code, {}, "lang");
  const close = el("button", { type: "button", className: "quiet minimise", on: { click: minimise } }, icon("close"));
  words.put(close, "panel.close", {}, "aria-label");
  const mark = el("span", { className: "mark", attrs: { part: "mark" } }, icon("shield"));
  const node = el("header", { className: "top", attrs: { part: "header" } }, mark, el("div", { className: "titles" }, heading, status), other, close);
  return { header: node, heading, status };
}

function buildConversation(words, { send, toEnd }) {
  const entries = el("div", { className: "entries" });
  const thinkingText = el("span");
  const dots = el("span", { className: "dots" }, el("i"), el("i"), el("i"));
  const thinking = el("div", { className: "thinking", hidden: true, attrs: { "aria-hidden": "true" } }, dots, thinkingText);
  const welcome = buildWelcome(words, send);
  const log = el(
    "div",
    { className: "log", tabIndex: 0, attrs: { part: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" } },
    welcome, entries, thinking,
  );
  words.put(log, "log.label", {}, "aria-label");
  const jumpCount = el("span");
  const jump = el("button", { type: "button", className: "jump", hidden: true, on: { click: toEnd } }, icon("down"), jumpCount);
  const node = el("div", { className: "middle" }, log, jump);
  return { middle: node, log, entries, welcome, thinking, thinkingText, jump, jumpCount };
}

function buildWelcome(words, send) {
  const starters = STARTERS.map((key) =>
    words.put(el("button", { type: "button", className: "chip", on: { click: () => send(words.say(key)) } }), key),
  );
  return el(
    "div",
    { className: "welcome", attrs: { part: "welcome" } },
    words.put(el("h3"), "welcome.title"),
    words.put(el("p"), "welcome.text"),
    el("div", { className: "chips" }, ...starters),
  );
}

/** Shown while an open request is out of view, so that nobody looks for it. */
function buildAwaited(words, { toRequest }) {
  return el(
    "div",
    { className: "awaited", hidden: true },
    words.put(el("span"), "request.open"),
    words.put(el("button", { type: "button", className: "link", on: { click: toRequest } }), "request.go"),
  );
}

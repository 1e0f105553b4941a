// Building blocks of the interface. Text only ever becomes text: nothing here parses markup, so nothing a customer,
// a merchant or a model wrote can become an element.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  send: "M12 19V5M5.5 11.5 12 5l6.5 6.5",
  down: "M12 5v14M5.5 12.5 12 19l6.5-6.5",
  lock: "M7 10.5V8a5 5 0 0 1 10 0v2.5M6 10.5h12v9H6z",
  list: "M9 7h10M9 12h10M9 17h10M5 7h.01M5 12h.01M5 17h.01",
  check: "M5 12.5 10 17.5 19 7",
  shield: "M12 3.5 19 6v5.5c0 4.3-2.9 7.4-7 9-4.1-1.6-7-4.7-7-9V6zM9 12l2.2 2.2L15.2 10",
  file: "M7 3.5h7l4 4v13H7zM14 3.5v4h4",
  close: "M6 6l12 12M18 6 6 18",
  chat: "M4.5 5.5h15v10.5h-9L6 19.8V16H4.5z",
  clock: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z",
  alert: "M12 8v5M12 16.2h.01M12 3.8 21 19.5H3z",
  eye: "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12zM12 9.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z",
  star: "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
};

/** An element with properties, listeners (`on`), attributes (`attrs`) and children; strings become text nodes, null is left out. */
export function el(tag, { on = {}, attrs = {}, ...properties } = {}, ...children) {
  const node = document.createElement(tag);
  Object.assign(node, properties);
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, String(value));
  }
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A decorative line icon: hidden from assistive technology, coloured by the text around it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: "icon" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Words for a screen reader only. */
export const unseen = (text) => el("span", { className: "unseen", textContent: text });

/** Words of others: kept apart from the direction of the text around them, so that they cannot rearrange it; read out in their language. */
export const foreign = (tag, className, text) =>
  el(tag, { className, textContent: text, attrs: { dir: "auto", lang: /\p{Script=Devanagari}/u.test(text) ? "hi" : "en" } });

/** Label and value pairs, as a definition list. */
export function rows(pairs) {
  return el(
    "dl",
    { className: "rows" },
    ...pairs.map(([label, value]) =>
      el("div", { className: "row" }, foreign("dt", "label", label), foreign("dd", "value", value)),
    ),
  );
}

/** An id that makes a frame idempotent. `randomUUID` is missing on pages without TLS, random bytes are not. */
export function freshId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

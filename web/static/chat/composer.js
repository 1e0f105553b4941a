// The field a customer writes in: grows with the text, sends on Enter, counts near the limit, keeps the text while sending is off.

import { el, icon } from "./dom.js";

export const LONGEST_TEXT = 4000;
const COUNT_FROM = 3600;
const TYPING_EVERY = 5000;

export class Composer {
  #words;
  #onSend;
  #onTyping;
  #typedAt = -Infinity;
  #off = false;

  constructor({ words, onSend, onTyping, onPerson }) {
    this.#words = words;
    this.#onSend = onSend;
    this.#onTyping = onTyping;
    this.input = el("textarea", {
      id: "text",
      rows: 1,
      className: "input",
      autocomplete: "off",
      enterKeyHint: "send",
      attrs: { part: "input", "aria-describedby": "count keys", dir: "auto" },
      on: { input: () => this.#changed(), keydown: (event) => this.#key(event) },
    });
    words.put(this.input, "composer.label", {}, "aria-label");
    words.put(this.input, "composer.placeholder", {}, "placeholder");
    this.send = words.put(
      el("button", { type: "submit", className: "send", disabled: true, attrs: { part: "send-button" } }, icon("send")),
      "composer.send", {}, "aria-label",
    );
    this.count = el("span", { className: "count", id: "count", attrs: { "aria-live": "polite" } });
    this.person = words.put(el("button", { type: "button", className: "link", on: { click: onPerson } }), "composer.person");
    const advice = words.put(el("span", { className: "advice" }), "composer.advice");
    this.node = el(
      "form",
      { className: "composer", noValidate: true, attrs: { part: "composer" }, on: { submit: (event) => this.#submit(event) } },
      el("div", { className: "field" }, this.input, this.send),
      el("div", { className: "beneath" }, advice, this.count, this.person),
      words.put(el("span", { className: "unseen", id: "keys" }), "composer.keys"),
    );
  }

  get empty() { return this.input.value.trim() === ""; }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  close(off) {
    this.#off = off;
    this.input.disabled = off;
    this.person.hidden = off;
    this.#words.put(this.input, off ? "composer.closed" : "composer.placeholder", {}, "placeholder");
    this.#changed();
  }

  clear() {
    this.input.value = "";
    this.#changed();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (this.send.disabled || text === "") return;
    this.#onSend(text);
    this.clear();
  }

  #key(event) {
    // While an input method composes (Hindi, for one), Enter chooses a word and must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.#submit(event);
  }

  #changed() {
    // Counted as the service counts: in characters, not in UTF-16 units.
    const length = [...this.input.value.trim()].length;
    this.send.disabled = this.#off || length === 0 || length > LONGEST_TEXT;
    this.input.toggleAttribute("aria-invalid", length > LONGEST_TEXT);
    this.#tally(LONGEST_TEXT - length);
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
    if (length > 0 && performance.now() - this.#typedAt > TYPING_EVERY) {
      this.#typedAt = performance.now();
      this.#onTyping();
    }
  }

  #tally(left) {
    this.count.classList.toggle("over", left < 0);
    if (left > LONGEST_TEXT - COUNT_FROM) this.count.textContent = "";
    else this.#words.put(this.count, left < 0 ? "composer.over" : "composer.left", { count: Math.abs(left) });
  }
}

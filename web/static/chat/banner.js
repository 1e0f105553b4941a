// The line above the composer that tells how the connection is and what went wrong, with the one thing that can be done about it.

import { el, icon } from "./dom.js";

export class Banner {
  #words;
  #announce;
  #timer = null;
  #kind = null;

  constructor({ words, announce }) {
    this.#words = words;
    this.#announce = announce;
    this.text = el("span", { className: "banner-text" });
    this.action = el("button", { type: "button", className: "link", hidden: true });
    this.node = el("div", { className: "banner", hidden: true, attrs: { part: "banner" } }, icon("alert"), this.text, this.action);
  }

  /** Shows a line; `action` is {key, run}. An error stays until it is dismissed, a state until it changes. */
  show(kind, key, { values = {}, text = null, action = null } = {}) {
    clearInterval(this.#timer);
    const words = text ?? this.#words.say(key, values);
    if (this.node.hidden || this.text.textContent !== words) this.#announce(words);
    this.#kind = kind;
    if (text === null) this.#words.put(this.text, key, values);
    else this.#words.put(this.text, () => text);
    this.action.hidden = action === null;
    if (action) {
      this.#words.put(this.action, action.key);
      this.action.onclick = action.run;
    }
    this.node.className = `banner ${kind}`;
    this.node.hidden = false;
  }

  error(key, text) {
    this.show("error", key, { text, action: { key: "banner.dismiss", run: () => this.hide("error") } });
  }

  /** Counts the seconds until sending goes on; announced once, not every second. */
  countdown(seconds) {
    let left = Math.ceil(seconds);
    this.show("hold", "banner.too_fast", { values: { seconds: left } });
    this.#timer = setInterval(() => {
      left -= 1;
      if (left <= 0) this.hide("hold");
      else this.#words.put(this.text, "banner.too_fast", { seconds: left });
    }, 1000);
  }

  /** Takes a line away, if it is of that kind. */
  hide(kind) {
    if (this.#kind !== kind) return;
    clearInterval(this.#timer);
    this.#kind = null;
    this.node.hidden = true;
  }
}

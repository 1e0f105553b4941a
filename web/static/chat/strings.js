// The interface's own words. Replies come from the service in the customer's language; these are the words around them.

import { EN } from "./strings-en.js";
import { HI } from "./strings-hi.js";

const LANGUAGES = { en: EN, hi: HI };

/** Looks words up in one language; `{name}` is filled in. A word missing in Hindi falls back to English, a missing key to itself. */
export class Words {
  #put = new WeakMap();

  /** The day that counts as today: the service's, once it is known. */
  today = () => new Date();

  constructor(language) {
    this.speak(language);
  }

  speak(language) {
    this.language = language in LANGUAGES ? language : "en";
  }

  /**
   * Writes words into a node, or into one of its attributes, so that `reword` can write them again in another language.
   * `key` is a key of the language files, or a function of these words. Returns the node.
   */
  put(node, key, values = {}, attribute = null) {
    const written = this.#put.get(node) ?? [];
    this.#put.set(node, [...written.filter((one) => one.attribute !== attribute), { key, values, attribute }]);
    node.setAttribute("data-said", "");
    this.#write(node, { key, values, attribute });
    return node;
  }

  /** Everything below `root` that was put, said again in the language spoken now. */
  reword(root) {
    for (const node of root.querySelectorAll("[data-said]")) {
      for (const one of this.#put.get(node) ?? []) this.#write(node, one);
    }
  }

  #write(node, { key, values, attribute }) {
    const text = typeof key === "function" ? key(this) : this.say(key, values);
    if (attribute === null) node.textContent = text;
    else node.setAttribute(attribute, text);
  }

  say(key, values = {}) {
    const text = LANGUAGES[this.language][key] ?? EN[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  }

  has(key) {
    return key in EN;
  }

  /** "14:02" for today's, with the date for others. */
  time(moment) {
    const sameDay = moment.toDateString() === this.today().toDateString();
    const day = sameDay ? {} : { day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(`${this.language}-IN`, { ...day, hour: "2-digit", minute: "2-digit", hour12: false }).format(moment);
  }

  exactTime(moment) {
    return new Intl.DateTimeFormat(`${this.language}-IN`, { dateStyle: "full", timeStyle: "short" }).format(moment);
  }
}

/** What a language calls itself, and its code: for the switch, which is read by people who do not read the current one. */
export const OTHER_LANGUAGE = { en: { code: "hi", name: "हिन्दी" }, hi: { code: "en", name: "English" } };

// The requests of a conversation: which are open, where the keyboard goes when one arrives or is answered, and a hint while the
// open one is out of view.

import { RequestCard } from "./requests.js";

export class Asked {
  #words;
  #transcript;
  #hint;
  #tools;
  #cards = new Map();
  #inView = new WeakSet();
  #observer;

  /** `tools` are `answer`, `now`, `announce` and `back()`, which moves the keyboard to the composer. */
  constructor({ words, transcript, scroller, hint, tools }) {
    this.#words = words;
    this.#transcript = transcript;
    this.#hint = hint;
    this.#tools = tools;
    this.#observer = new IntersectionObserver((seen) => this.#looked(seen), { root: scroller, threshold: 0.3 });
  }

  /** Shows a request. One that comes again under its id was opened anew: the old card makes room. */
  open(frame, { focus }) {
    const before = this.#cards.get(frame.id);
    if (before?.open) return;
    if (before) this.#transcript.remove(before.node);
    this.#dropSuperseded(frame);
    const { answer, now, announce, back } = this.#tools;
    const done = (card) => {
      this.#point();
      back(card);
    };
    const card = new RequestCard(frame, { words: this.#words, answer, now, announce, done });
    this.#cards.set(frame.id, card);
    this.#transcript.place(card.node, frame.seq);
    this.#observer.observe(card.node);
    if (focus && card.answerable) card.focus();
  }

  /** The same question put again after a digression: one card of it is enough. */
  #dropSuperseded({ kind, prompt }) {
    for (const [id, card] of this.#cards) {
      if (!card.cancelledLike(kind, prompt)) continue;
      this.#transcript.remove(card.node);
      this.#cards.delete(id);
    }
  }

  close({ id, reason }) {
    this.#cards.get(id)?.close(reason);
    this.#point();
  }

  /** The latest request that waits for the customer, or null. */
  get current() {
    return [...this.#cards.values()].findLast((card) => card.answerable) ?? null;
  }

  /** The seq of the earliest request that is not settled, or Infinity. */
  get earliest() {
    return Math.min(...[...this.#cards.values()].filter((card) => card.unsettled).map((card) => card.seq));
  }

  toCurrent() {
    this.current?.focus();
  }

  closeAll() {
    for (const card of this.#cards.values()) card.close("cancelled");
    this.#point();
  }

  clear() {
    this.#cards.clear();
    this.#observer.disconnect();
    this.#point();
  }

  #looked(seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) this.#inView.add(target);
      else this.#inView.delete(target);
    }
    this.#point();
  }

  #point() {
    const { current } = this;
    this.#hint.hidden = current === null || this.#inView.has(current.node);
  }
}

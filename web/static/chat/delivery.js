// The customer's own messages on their way: shown at once, labelled until the service has them, sent again until it does.

import { el, freshId } from "./dom.js";
import { own } from "./messages.js";
import { Outbox } from "./outbox.js";

export class Delivery {
  #words;
  #transcript;
  #outbox;
  #mine = new Map();
  #connected = false;

  constructor({ words, transcript, send }) {
    this.#words = words;
    this.#transcript = transcript;
    this.#outbox = new Outbox(send);
  }

  /** A message the customer wrote or pressed. */
  say(text, at) {
    const id = freshId();
    const entry = { ...own(text, at, this.#words), text, seq: null };
    this.#mine.set(id, entry);
    this.#transcript.place(entry.node);
    this.#transcript.toEnd();
    this.#post(id, entry);
  }

  /** An answer to a request; its card shows how it goes. */
  answer(fields, settle) {
    const id = freshId();
    this.#mine.set(id, null);
    this.#outbox.add({ ...fields, id }, settle);
  }

  /**
   * A message of this customer as the service keeps it: our own bubble takes the masked words, one from another tab or from
   * before a reload is placed, an answer that a card shows already is left to the card.
   */
  replayed(frame) {
    const fresh = this.#transcript.first(frame.seq);
    if (this.#mine.has(frame.id)) return this.#mask(this.#mine.get(frame.id), frame);
    if (!fresh) return;
    const entry = own(frame.text, new Date(frame.at), this.#words);
    this.#transcript.place(entry.node, frame.seq, { quiet: true });
    this.#acked(entry, frame.seq);
  }

  acknowledged({ id, seq }) {
    this.#outbox.acknowledged(id, seq);
  }

  /** True when the error was about something of ours. */
  refused(id, error) {
    return this.#outbox.refused(id, error);
  }

  refuseFirst(error) {
    return this.#outbox.refuseFirst(error);
  }

  hold(seconds) {
    this.#outbox.hold(seconds);
  }

  connected(now) {
    this.#connected = now;
    if (now) this.#outbox.flush();
    else this.#outbox.disconnected();
    for (const entry of this.#mine.values()) {
      if (entry?.waiting) this.#label(entry, now ? "sent.sending" : "sent.waiting");
    }
  }

  clear() {
    this.#mine.clear();
    this.#outbox.clear();
  }

  #post(id, entry) {
    entry.waiting = true;
    entry.node.className = "message customer pending";
    this.#label(entry, this.#connected ? "sent.sending" : "sent.waiting");
    this.#outbox.add({ type: "message", id, text: entry.text }, {
      acked: (seq) => this.#acked(entry, seq),
      refused: (error) => this.#failed(id, entry, error),
    });
  }

  #acked(entry, seq) {
    entry.waiting = false;
    entry.seq = seq;
    entry.node.className = "message customer";
    this.#label(entry, "sent.acked");
    this.#transcript.settle(entry.node, seq);
  }

  #failed(id, entry, { text }) {
    entry.waiting = false;
    entry.node.className = "message customer failed";
    const again = el("button", { type: "button", className: "link", on: { click: () => this.#post(id, entry) } });
    this.#label(entry, "sent.failed");
    entry.delivery.append(el("span", { textContent: ` · ${text} ` }), this.#words.put(again, "sent.again"));
  }

  #mask(entry, frame) {
    if (entry === null) return;
    entry.kept(frame);
    if (entry.seq === null) this.#outbox.acknowledged(frame.id, frame.seq);
  }

  #label(entry, key) {
    entry.delivery.replaceChildren(this.#words.put(el("span"), key));
  }
}

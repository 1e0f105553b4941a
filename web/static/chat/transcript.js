// The conversation on screen: entries in the order of their seq whatever the order of arrival, each shown once, and a place
// in the scroll that stays where the reader is.

const NEAR_END = 80;

export class Transcript {
  #log;
  #scroller;
  #onAway;
  #entries = [];
  #seen = new Set();
  #missed = 0;

  /** `onAway(missed)` is told how many entries lie below the reader, or null when the end is in view. */
  constructor(scroller, log, onAway) {
    this.#scroller = scroller;
    this.#log = log;
    this.#onAway = onAway;
    scroller.addEventListener("scroll", () => this.#look(), { passive: true });
    const keepEnd = new ResizeObserver(() => this.#following && this.toEnd());
    for (const node of [scroller, log]) keepEnd.observe(node);
  }

  #following = true;

  get empty() { return this.#entries.length === 0; }

  /** The highest seq of the record that is on screen, asked for as `after` when reconnecting. */
  last = 0;

  /** True the first time a seq is met: a replay may repeat what is here already. */
  first(seq) {
    if (this.#seen.has(seq)) return false;
    this.#seen.add(seq);
    this.last = Math.max(this.last, seq);
    return true;
  }

  /** Puts a node at its place; without a seq it waits at the end. `quiet` entries never count as missed. */
  place(node, seq = Infinity, { quiet = false } = {}) {
    const following = this.#following;
    this.#insert({ node, seq });
    if (following) this.toEnd();
    else if (!quiet) this.#onAway((this.#missed += 1));
  }

  /** An entry that was waiting has got its seq; it moves only if something of the record stands wrongly around it. */
  settle(node, seq) {
    const at = this.#entries.findIndex((entry) => entry.node === node);
    if (at < 0) return;
    const [before, after] = [this.#entries[at - 1], this.#entries[at + 1]];
    if ((before?.seq ?? 0) < seq && (after?.seq ?? Infinity) >= seq) {
      this.#entries[at].seq = seq;
      return;
    }
    this.#entries.splice(at, 1);
    this.#insert({ node, seq });
  }

  remove(node) {
    this.#entries = this.#entries.filter((entry) => entry.node !== node);
    node.remove();
  }

  clear() {
    for (const { node } of this.#entries) node.remove();
    this.#entries = [];
    this.#seen.clear();
    this.last = 0;
    this.toEnd();
  }

  toEnd() {
    this.#following = true;
    this.#missed = 0;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#onAway(null);
  }

  #insert(entry) {
    let at = this.#entries.length;
    while (at > 0 && this.#entries[at - 1].seq > entry.seq) at -= 1;
    this.#log.insertBefore(entry.node, this.#entries[at]?.node ?? null);
    this.#entries.splice(at, 0, entry);
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (this.#following) this.#missed = 0;
    this.#onAway(this.#following ? null : this.#missed);
  }
}

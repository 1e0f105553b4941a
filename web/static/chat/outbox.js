// What the customer sent and the service has not acknowledged. Each frame keeps its id, so that sending it again after a lost
// connection is harmless. Kept in memory only: a code or a secret answer must not outlive the page.

const BURST = 8;
const PER_SECOND = 4;

export class Outbox {
  #items = new Map();
  #transmit;
  #tokens = BURST;
  #filledAt = 0;
  #heldUntil = 0;
  #timer = null;
  #now;

  /** `transmit(frame)` tells whether the socket took it. `now` is a monotonic clock in milliseconds. */
  constructor(transmit, now = () => performance.now()) {
    this.#transmit = transmit;
    this.#now = now;
    this.#filledAt = now();
  }

  get size() { return this.#items.size; }

  add(frame, settle = {}) {
    this.#items.set(frame.id, { frame, settle, sent: false });
    this.flush();
  }

  /** The service has it for good. Returns the frame, without what was secret in it. */
  acknowledged(id, seq) {
    const item = this.#take(id);
    item?.settle.acked?.(seq);
    return item !== null;
  }

  /** The service will not take it; sending the same again would not help. */
  refused(id, error) {
    const item = this.#take(id);
    item?.settle.refused?.(error);
    return item !== null;
  }

  /** Refuses what is too large to ever arrive: the oldest one that was on its way. */
  refuseFirst(error) {
    const first = [...this.#items.values()].find((item) => item.sent);
    return first ? this.refused(first.frame.id, error) : false;
  }

  /** Everything unacknowledged goes again on the next connection. */
  disconnected() {
    for (const item of this.#items.values()) item.sent = false;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Waits, then sends the unacknowledged again: `too_fast` means that the service dropped them. */
  hold(seconds) {
    this.#heldUntil = this.#now() + seconds * 1000;
    for (const item of this.#items.values()) item.sent = false;
    this.flush();
  }

  clear() {
    this.#items.clear();
    this.disconnected();
  }

  flush() {
    if (this.#timer !== null) return;
    for (const item of this.#items.values()) {
      if (item.sent) continue;
      const wait = this.#wait();
      if (wait > 0) {
        this.#timer = setTimeout(() => { this.#timer = null; this.flush(); }, wait);
        return;
      }
      if (!this.#transmit(item.frame)) return;
      item.sent = true;
      this.#tokens -= 1;
      item.settle.sent?.();
    }
  }

  /** Milliseconds until one more frame may go: we stay below the service's own limit, so an honest hand never meets it. */
  #wait() {
    const now = this.#now();
    if (now < this.#heldUntil) return this.#heldUntil - now;
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / PER_SECOND) * 1000;
  }

  #take(id) {
    const item = this.#items.get(id) ?? null;
    this.#items.delete(id);
    return item;
  }
}

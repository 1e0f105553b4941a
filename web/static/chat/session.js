// What the widget remembers for this tab: which conversation, the secret that resumes an anonymous one, how far it was seen.
// Never a message, a code or a token. Storage may be refused by the browser; then the page's memory has to do.

const EMPTY = { conversation: null, resume: null, customer: null, seen: 0, offset: null };

export class Session {
  #storage;
  #key;
  #values = { ...EMPTY };

  constructor(endpoint, storage = ownStorage()) {
    this.#storage = storage;
    this.#key = `tellergate-chat:${endpoint}`;
    try {
      this.#values = { ...EMPTY, ...JSON.parse(storage?.getItem(this.#key) ?? "{}") };
    } catch {
      this.#values = { ...EMPTY };
    }
  }

  get conversation() { return this.#values.conversation; }
  get resume() { return this.#values.resume; }
  get customer() { return this.#values.customer; }
  get seen() { return this.#values.seen; }

  /** Takes what `ready` said. The resume secret is given only once; a signed-in conversation needs none. */
  begin({ conversation, resume, customer }) {
    const same = conversation === this.#values.conversation;
    this.#keep({
      conversation,
      resume: customer ? null : (resume ?? (same ? this.#values.resume : null)),
      customer: customer?.id ?? null,
      seen: same ? this.#values.seen : 0,
    });
    return same;
  }

  saw(seq) {
    if (seq > this.#values.seen) this.#keep({ seen: seq });
  }

  forget() {
    this.#keep({ conversation: null, resume: null, customer: null, seen: 0 });
  }

  /** Milliseconds that the service's clock is ahead of this device's; null while nothing told us. */
  get offset() { return this.#values.offset; }

  /** Learns the service's time from a frame that was made just now; an older frame only says that it is at least that late. */
  heard(at, live) {
    const ahead = Date.parse(at) - Date.now();
    if (Number.isNaN(ahead)) return;
    if (live || (this.offset !== null && ahead > this.offset)) this.#keep({ offset: Math.round(ahead) });
  }

  /** The service's business time in milliseconds, or null while it is not known. */
  serviceNow() {
    return this.offset === null ? null : Date.now() + this.offset;
  }

  #keep(changes) {
    Object.assign(this.#values, changes);
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(this.#values));
    } catch {
      // Full or refused: the values above still serve this page.
    }
  }
}

function ownStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

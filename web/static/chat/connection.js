// One socket to the service, opened again and again: first frame, resuming where the page stopped, back-off with jitter,
// a heartbeat that notices a dead line, and what each close code asks of us.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const HEARTBEAT = 25_000;
const SILENCE = 10_000;
const READY_WITHIN = 12_000;
const TOO_FAST_WAIT = 10_000;

export const CLOSED_FOR = { token: 4401, idle: 4408, tooLarge: 4413, tooFast: 4429 };

export class Connection {
  #endpoint;
  #session;
  #signIn;
  #hooks;
  #random;
  #socket = null;
  #state = "stopped";
  #attempt = 0;
  #failures = 0;
  #tokenRefused = false;
  #timers = { retry: null, heartbeat: null, silence: null, renew: null };

  /**
   * `endpoint()` is the socket's address and `after()` the last seq on screen. Hooks: `frame(frame)`, `state(name, detail)`,
   * `lost()` when a socket is gone, `tooLarge()` when a frame was refused for its size, `identified()` before each opening.
   */
  constructor({ endpoint, after, session, signIn, hooks, random = Math.random }) {
    this.#endpoint = () => address(endpoint(), session.conversation, after());
    this.#session = session;
    this.#signIn = signIn;
    this.#hooks = hooks;
    this.#random = random;
  }

  get state() { return this.#state; }

  start() {
    if (this.#state === "stopped" || this.#state === "signed-out") this.retry();
  }

  stop() {
    this.#attempt += 1;
    this.#abandon();
    this.#enter("stopped");
  }

  /** Opens at once, whatever the back-off says: the network came back, the page is seen again, the customer asks for it. */
  retry() {
    if (this.#state === "ready" || this.#state === "connecting") return;
    clearTimeout(this.#timers.retry);
    this.#open();
  }

  /** True when the frame was handed to an open, ready conversation. */
  send(frame) {
    if (this.#state !== "ready" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Signs in on the open socket, or opens one that does. */
  authenticate() {
    this.#tokenRefused = false;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#present();
    else this.retry();
  }

  /** The line is known to be dead: the device says that it is offline. */
  broken() {
    if (this.#state === "ready" || this.#state === "connecting") this.#broken();
  }

  async #open() {
    const attempt = ++this.#attempt;
    this.#abandon();
    this.#enter("connecting");
    try {
      const reason = this.#tokenRefused ? "refused" : null;
      const token = await (reason ? this.#signIn.fresh(reason) : this.#signIn.token());
      if (attempt !== this.#attempt) return;
      if (this.#tokenRefused && token === null) return this.#enter("signed-out");
      this.#hooks.identified();
    } catch {
      if (attempt === this.#attempt) this.#later();
      return;
    }
    this.#listen(new WebSocket(this.#endpoint()));
  }

  #listen(socket) {
    this.#socket = socket;
    this.#timers.silence = setTimeout(() => this.#broken(), READY_WITHIN);
    socket.addEventListener("open", () => this.#current(socket) && this.#present());
    socket.addEventListener("message", ({ data }) => this.#current(socket) && this.#heard(data));
    socket.addEventListener("close", ({ code }) => this.#current(socket) && this.#closed(code));
  }

  #current(socket) {
    return socket === this.#socket;
  }

  /** The first frame, and the one that renews: who this is, or that an anonymous visitor is here (again). */
  #present() {
    const { resume } = this.#session;
    const token = this.#signIn.held ? this.#signIn.current : "";
    const frame = token || resume ? { type: "auth", token, ...(resume ? { resume } : {}) } : { type: "ping" };
    this.#socket.send(JSON.stringify(frame));
    if (token) this.#renewLater();
  }

  #heard(data) {
    const frame = read(data);
    if (frame === null) return;
    clearTimeout(this.#timers.silence);
    if (frame.type === "ready") {
      this.#failures = 0;
      this.#tokenRefused = false;
      this.#enter("ready");
      this.#beat();
    }
    if (frame.type !== "pong") this.#hooks.frame(frame);
  }

  #beat() {
    clearInterval(this.#timers.heartbeat);
    this.#timers.heartbeat = setInterval(() => {
      if (document.hidden || !this.send({ type: "ping" })) return;
      clearTimeout(this.#timers.silence);
      this.#timers.silence = setTimeout(() => this.#broken(), SILENCE);
    }, HEARTBEAT);
  }

  #renewLater() {
    clearTimeout(this.#timers.renew);
    const wait = this.#signIn.renewIn();
    if (wait !== Infinity) this.#timers.renew = setTimeout(() => this.renew("expiring"), Math.max(wait, 1000));
  }

  /** Signs in anew on the open socket. When the host has no token, an expired session ends here. */
  async renew(reason) {
    const token = await this.#signIn.fresh(reason).catch(() => null);
    if (token && this.#socket?.readyState === WebSocket.OPEN) return this.#present();
    if (token === null && reason === "refused") return this.#refusedAgain();
    return undefined;
  }

  #refusedAgain() {
    this.#signIn.drop();
    this.#tokenRefused = true;
    this.#abandon();
    this.#enter("signed-out");
  }

  #broken() {
    this.#abandon();
    this.#later();
  }

  #closed(code) {
    this.#abandon();
    if (code === CLOSED_FOR.token) return this.#refusedToken();
    if (code === CLOSED_FOR.idle) return this.#enter("paused");
    if (code === CLOSED_FOR.tooLarge) this.#hooks.tooLarge();
    this.#later(code === CLOSED_FOR.tooFast ? TOO_FAST_WAIT : 0);
  }

  /** One fresh token is asked for; when that is refused as well, the customer has to sign in again. */
  #refusedToken() {
    if (this.#tokenRefused) return this.#refusedAgain();
    this.#signIn.drop();
    this.#tokenRefused = true;
    return this.#open();
  }

  #later(atLeast = 0) {
    if (navigator.onLine === false) return this.#enter("offline");
    const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    const wait = Math.max(atLeast, backOff * (0.5 + this.#random() / 2));
    this.#failures += 1;
    this.#enter("waiting", { seconds: Math.ceil(wait / 1000), tooFast: atLeast > 0 });
    clearTimeout(this.#timers.retry);
    this.#timers.retry = setTimeout(() => this.#open(), wait);
  }

  #abandon() {
    for (const name of Object.keys(this.#timers)) {
      clearTimeout(this.#timers[name]);
      this.#timers[name] = null;
    }
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.close();
    this.#hooks.lost();
  }

  #enter(state, detail = {}) {
    this.#state = state;
    this.#hooks.state(state, detail);
  }
}

/** Nothing secret is in the address: tokens and resume secrets travel in the first frame. */
function address(endpoint, conversation, after) {
  const url = new URL(endpoint, document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  if (conversation) {
    url.searchParams.set("conversation", conversation);
    url.searchParams.set("after", String(after));
  }
  return url.href;
}

function read(data) {
  try {
    const frame = JSON.parse(data);
    return typeof frame?.type === "string" ? frame : null;
  } catch {
    return null;
  }
}

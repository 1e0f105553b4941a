// Who is on the other end and whether the line is up: the words under the heading, and a line of their own when an outage lasts.

const BANNER_AFTER = 1200;
const LINES = { connecting: "status.connecting", waiting: "status.connecting", stopped: "status.starting" };

export class Presence {
  #view;
  #words;
  #owner = { state: "assistant" };
  #connected = "stopped";
  #downSince = null;
  #timer = null;

  constructor(view, words) {
    this.#view = view;
    this.#words = words;
  }

  get closed() { return this.#owner.state === "closed"; }

  /** A status of the conversation: the assistant, the queue, a person of the bank, or closed. */
  ownedBy(status) {
    this.#owner = status;
    this.#view.composer.close(this.closed);
    this.#view.composer.person.hidden = status.state !== "assistant";
    this.#headline();
  }

  /** A state of the connection; `retry` is what the customer may do about it. */
  connection(name, { tooFast = false, seconds = 0 } = {}, { retry }) {
    const { banner } = this.#view;
    const show = (key, action = null) => banner.show("connection", key, { action });
    const connect = { key: "banner.retry", run: retry };
    this.#connected = name;
    if (name !== "waiting" && name !== "connecting") clearTimeout(this.#timer);
    if (name === "ready") {
      this.#downSince = null;
      banner.hide("connection");
    }
    if (name === "offline") show("banner.offline");
    if (name === "paused") show("banner.paused", connect);
    if (name === "signed-out") show("banner.signed_out", { key: "banner.sign_in", run: retry });
    if (name === "waiting" && tooFast) banner.countdown(seconds);
    else if (name === "waiting") this.#warnLater(() => show("banner.waiting", connect));
    this.#headline();
  }

  /** A line that is back within a moment is not worth a word; attempts in between do not put the word off. */
  #warnLater(warn) {
    clearTimeout(this.#timer);
    const since = (this.#downSince ??= performance.now());
    this.#timer = setTimeout(warn, Math.max(0, since + BANNER_AFTER - performance.now()));
  }

  #headline() {
    const { status } = this.#view;
    const { state, position, agent } = this.#owner;
    const online = this.#connected === "ready";
    status.dataset.state = online ? state : "offline";
    if (!online) return void this.#words.put(status, LINES[this.#connected] ?? "status.offline");
    const precise = (state === "queued" && position && "status.queued_position") || (state === "agent" && !agent && "status.agent_unnamed");
    return void this.#words.put(status, precise || `status.${state}`, { position, agent });
  }
}

// Something the service asks for in a way of its own, as a card in the conversation: who asks what, how long there is,
// the controls for its kind, and what became of it. A card answers once; only the service opens it again.

import { el, foreign, icon } from "./dom.js";
import { bodyFor } from "./answers.js";

const ICONS = { choice: "list", secret: "lock", confirm: "shield", file: "file" };

export class RequestCard {
  #words;
  #now;
  #announce;
  #answer;
  #frame;
  #state = "open";
  #timer = null;
  #parts;
  #said = null;
  #cancelled = false;

  /** `answer(fields, settle)` sends; `now()` is the service's time in milliseconds or null; `announce(text)` speaks to a screen reader. */
  constructor(frame, { words, answer, now, announce, done }) {
    this.#frame = frame;
    this.#words = words;
    this.#answer = answer;
    this.#now = now;
    this.#announce = announce;
    this.done = done;
    this.#build();
    this.#watch();
  }

  get id() { return this.#frame.id; }
  get open() { return this.#state === "open"; }
  /** True until the service is known to have an answer, or to want none any more. */
  get unsettled() { return this.#state === "open" || this.#state === "sending"; }
  /** True while it can be answered here, which a file cannot yet. */
  get answerable() { return this.open && this.#frame.kind !== "file"; }
  get seq() { return this.#frame.seq; }

  cancelledLike(kind, prompt) {
    return this.#cancelled && this.#frame.kind === kind && this.#frame.prompt === prompt;
  }

  /** Where the keyboard goes: the field of a secret; else the card itself, so that a stray Enter agrees to nothing. */
  focus() {
    const { field } = this.#parts.body;
    (field ?? this.node).focus({ preventScroll: true });
    this.node.scrollIntoView({ block: "nearest" });
  }

  get focused() { return this.node.contains(this.node.getRootNode().activeElement); }

  /** The service no longer takes an answer. */
  close(reason) {
    if (this.#state === "closed") return;
    const held = this.focused;
    this.#cancelled = reason === "cancelled";
    this.#stop("closed");
    this.#parts.body.finish();
    const answered = reason === "answered";
    const { key, values } = (answered && this.#said) || { key: `request.${reason}`, values: {} };
    this.#conclude(key, values, answered ? "check" : "clock");
    if (held) this.done(this);
  }

  #build() {
    const { kind, prompt, id } = this.#frame;
    const title = this.#words.put(el("span"), `request.${kind}`);
    const timer = el("span", { className: "timer", hidden: true, attrs: { role: "timer", "aria-live": "off" } });
    const problem = el("p", { className: "problem", attrs: { role: "alert" } });
    const outcome = el("p", { className: "outcome" });
    const body = bodyFor(this.#frame, { words: this.#words, submit: (fields, said) => this.#submit(fields, said), complain: (key) => this.#complain(key) });
    const heading = el("h3", { className: "request-title", id: `title-${id}` }, icon(ICONS[kind]), title);
    const asked = foreign("p", "prompt", prompt);
    asked.id = `prompt-${id}`;
    this.node = el(
      "section",
      {
        className: `request ${kind}`,
        tabIndex: -1,
        attrs: { part: `request ${kind}-request`, role: "group", "aria-labelledby": `title-${id} prompt-${id}` },
      },
      el("header", { className: "request-head" }, heading, timer),
      asked,
      body.node,
      problem,
      outcome,
    );
    this.#parts = { timer, problem, outcome, body };
  }

  /** One click is one answer: the controls are off before the frame leaves. */
  #submit(fields, { key, values = {} }) {
    if (this.#state !== "open") return;
    const held = this.focused;
    this.#state = "sending";
    this.#said = { key, values };
    this.#complain(null);
    this.#parts.body.disable(true);
    this.node.classList.add("busy");
    this.#conclude("request.sending", {}, "clock");
    this.#answer({ request: this.#frame.id, ...fields }, {
      acked: () => this.#acked(),
      refused: (error) => this.#refused(error),
    });
    if (held) this.done(this);
  }

  #acked() {
    if (this.#state !== "sending") return;
    this.#stop("answered");
    this.#parts.body.finish();
    this.#conclude(this.#said.key, this.#said.values, "check");
  }

  /** Refused for good: the reason is shown, and the controls are back when the request may still be answered. */
  #refused({ code, text }) {
    if (this.#state === "closed") return;
    this.node.classList.remove("busy");
    if (code === "request_expired" || code === "request_closed" || code === "request_unknown") {
      return this.close(code === "request_expired" ? "expired" : "cancelled");
    }
    this.#state = "open";
    this.#said = null;
    this.#parts.outcome.replaceChildren();
    this.#parts.body.disable(false);
    this.#parts.problem.textContent = text;
  }

  #complain(key) {
    if (key === null) this.#parts.problem.textContent = "";
    else this.#words.put(this.#parts.problem, key);
  }

  #conclude(key, values, name) {
    this.#complain(null);
    const line = this.#words.put(el("span", { attrs: { dir: "auto" } }), key, values);
    this.#parts.outcome.className = `outcome ${name}`;
    this.#parts.outcome.replaceChildren(icon(name), line);
  }

  #stop(state) {
    this.#state = state;
    clearInterval(this.#timer);
    this.#parts.timer.hidden = true;
    this.node.classList.remove("busy");
    this.node.classList.add("done");
  }

  /** Counts down on the service's clock; where that is not known nothing is counted and the service alone decides. */
  #watch() {
    this.#timer = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  #tick() {
    const now = this.#now();
    if (now === null || this.#state !== "open") return;
    const left = Math.ceil((Date.parse(this.#frame.expires_at) - now) / 1000);
    if (left <= 0) {
      this.#announce(this.#words.say("request.expired"));
      return this.close("expired");
    }
    if (left === 60) this.#announce(this.#words.say("request.minute"));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.#parts.timer.hidden = false;
    this.#parts.timer.classList.toggle("short", left <= 60);
    this.#words.put(this.#parts.timer, "request.expires", { time });
  }
}

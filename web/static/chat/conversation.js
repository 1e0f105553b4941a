// The conversation as the customer sees it: takes the service's frames in, sends the customer's out, and keeps the page true
// to both across lost connections. Nothing is shown twice and nothing is sent that the customer did not press.

import { Asked } from "./asked.js";
import { Delivery } from "./delivery.js";
import { provisional, said } from "./messages.js";
import { Presence } from "./presence.js";
import { rating } from "./rating.js";
import { Transcript } from "./transcript.js";

const THINKING_AT_MOST = 60_000;
const REPLAY_AT_MOST = 3000;
const DEFAULT_HOLD = 2;

export class Conversation {
  #view;
  #words;
  #session;
  #send;
  #hooks;
  #transcript;
  #delivery;
  #asked;
  #draft = null;
  #replayedTo = 0;
  #unread = 0;
  #presence;
  #timers = {};
  #rating = null;

  /**
   * Hooks: `ready(frame)`, `status(frame)`, `unread(count)`, `restart()`, `visible()`, `renew()` for a sign-in that ran out,
   * `wake()` when the customer has something to send.
   */
  constructor({ view, words, session, send, hooks }) {
    this.#view = view;
    this.#words = words;
    this.#session = session;
    this.#send = send;
    this.#hooks = hooks;
    this.#presence = new Presence(view, words);
    this.#transcript = new Transcript(view.log, view.entries, (missed) => this.#away(missed));
    this.#delivery = new Delivery({ words, transcript: this.#transcript, send });
    this.#asked = new Asked({
      words,
      transcript: this.#transcript,
      scroller: view.log,
      hint: view.awaited,
      tools: {
        answer: (fields, settle) => {
          this.#delivery.answer(fields, settle);
          hooks.wake();
        },
        now: () => session.serviceNow(),
        announce: view.announce,
        back: (card) => this.#back(card),
      },
    });
  }

  /**
   * Where a replay starts after a lost connection. An unsettled request is asked for again although it is on screen: the service
   * counts a yes only from a connection that it delivered the request to.
   */
  get after() {
    return Math.min(this.#transcript.last, this.#asked.earliest - 1);
  }

  say(text) {
    if (this.#presence.closed) return;
    this.#tidy();
    this.#view.banner.hide("error");
    this.#delivery.say(text, new Date(this.#session.serviceNow() ?? Date.now()));
    this.#hooks.wake();
    this.#view.composer.focus();
  }

  toEnd() {
    this.#transcript.toEnd();
    this.#view.composer.focus();
  }

  toRequest() {
    this.#asked.toCurrent();
  }

  /** The customer looks at the conversation: what is on screen counts as read. */
  seen() {
    if (!this.#hooks.visible()) return;
    this.#session.saw(this.#transcript.last);
    if (this.#unread) this.#hooks.unread((this.#unread = 0));
  }

  clear() {
    this.#transcript.clear();
    this.#delivery.clear();
    this.#asked.clear();
    this.#stopThinking();
    this.#dropDraft();
    this.#rating?.remove();
    this.#rating = null;
    this.#presence.ownedBy({ state: "assistant" });
    this.#view.welcome.hidden = false;
    this.#unread = 0;
    this.#hooks.unread(0);
  }

  heard(frame) {
    const handle = {
      ready: () => this.#ready(frame),
      ack: () => this.#delivery.acknowledged(frame),
      thinking: () => this.#thinking(frame),
      delta: () => this.#delta(frame),
      message: () => this.#message(frame),
      request: () => this.#request(frame),
      request_closed: () => this.#closed(frame),
      status: () => this.#transcript.first(frame.seq) && this.#status(frame),
      error: () => this.#error(frame),
    }[frame.type];
    handle?.();
    if (this.#transcript.last >= this.#replayedTo) this.#hush(false);
  }

  connection(name, detail, actions) {
    this.#presence.connection(name, detail, actions);
  }

  lost() {
    this.#delivery.connected(false);
    this.#stopThinking();
    this.#dropDraft();
  }

  tooLarge() {
    this.#delivery.refuseFirst({ code: "frame_too_large", text: this.#words.say("error.frame_too_large") });
  }

  #ready(frame) {
    const same = this.#session.begin(frame);
    if (!same && this.#transcript.last > 0) this.#transcript.clear();
    this.#replayedTo = frame.seq;
    this.#hush(frame.seq > this.#transcript.last);
    if (frame.at) this.#session.heard(frame.at, true);
    this.#hooks.ready(frame);
    this.#delivery.connected(true);
  }

  /** A replay is not read out: what was heard before is not news. */
  #hush(quiet) {
    clearTimeout(this.#timers.hush);
    this.#view.log.setAttribute("aria-live", quiet ? "off" : "polite");
    if (quiet) this.#timers.hush = setTimeout(() => this.#hush(false), REPLAY_AT_MOST);
  }

  #message(frame) {
    const live = frame.seq > this.#replayedTo;
    this.#session.heard(frame.at, live);
    this.#view.welcome.hidden = true;
    if (frame.author.kind === "customer") {
      this.#dropChips();
      return this.#delivery.replayed(frame);
    }
    if (!this.#transcript.first(frame.seq)) return;
    this.#stopThinking();
    this.#dropDraft();
    this.#dropChips();
    this.#transcript.place(said(frame, this.#words, (text) => this.say(text)), frame.seq);
    if (live || frame.seq > this.#session.seen) this.#arrived();
  }

  #request(frame) {
    if (!this.#transcript.first(frame.seq)) return;
    this.#stopThinking();
    this.#dropDraft();
    this.#view.welcome.hidden = true;
    this.#asked.open(frame, { focus: frame.seq > this.#replayedTo && this.#mayTakeFocus() });
    if (frame.seq > this.#replayedTo) this.#arrived();
  }

  #closed(frame) {
    if (this.#transcript.first(frame.seq)) this.#asked.close(frame);
  }

  /** The keyboard moves into a request only from an empty composer or the log: never out of a sentence half written. */
  #mayTakeFocus() {
    const { composer, log } = this.#view;
    const { activeElement } = log.getRootNode();
    return (activeElement === composer.input && composer.empty) || activeElement === log || activeElement?.classList.contains("chip") === true;
  }

  #back(card) {
    const byTouch = window.matchMedia("(pointer: coarse)").matches;
    if (byTouch || this.#view.composer.input.disabled) card.node.focus({ preventScroll: true });
    else this.#view.composer.focus();
  }

  #thinking({ stage }) {
    const { thinking, thinkingText, announce } = this.#view;
    const key = `thinking.${stage}`;
    if (thinking.hidden) announce(this.#words.say("thinking.label"));
    this.#words.put(thinkingText, this.#words.has(key) ? key : "thinking.default");
    thinking.hidden = this.#draft !== null;
    clearTimeout(this.#timers.thinking);
    this.#timers.thinking = setTimeout(() => this.#stopThinking(), THINKING_AT_MOST);
  }

  #stopThinking() {
    clearTimeout(this.#timers.thinking);
    this.#view.thinking.hidden = true;
  }

  /** Checked sentences ahead of their message; the message replaces them, whatever they said. */
  #delta({ turn, text }) {
    if (this.#draft?.turn !== turn) this.#dropDraft();
    if (this.#draft === null) {
      this.#draft = { turn, ...provisional(this.#words) };
      this.#transcript.place(this.#draft.node, Infinity, { quiet: true });
    }
    const before = this.#draft.text.textContent;
    this.#draft.text.textContent = before && !/\s$/.test(before) ? `${before} ${text}` : before + text;
    this.#view.thinking.hidden = true;
  }

  #dropDraft() {
    if (this.#draft) this.#transcript.remove(this.#draft.node);
    this.#draft = null;
  }

  #dropChips() {
    for (const chips of this.#view.entries.querySelectorAll(".chips")) chips.remove();
  }

  #tidy() {
    this.#view.welcome.hidden = true;
    this.#dropChips();
  }

  #status(frame) {
    this.#presence.ownedBy(frame);
    this.#hooks.status(frame);
    if (frame.state !== "closed") return;
    this.#stopThinking();
    this.#asked.closeAll();
    this.#rating ??= rating({
      words: this.#words,
      onRate: (stars) => this.#send({ type: "rate", ...stars }),
      onRestart: () => this.#hooks.restart(),
    });
    this.#transcript.place(this.#rating);
  }

  #error({ code, message, retry_after: retryAfter, id }) {
    const key = `error.${code}`;
    const known = this.#words.has(key);
    if (code === "too_fast") {
      this.#delivery.hold(retryAfter ?? DEFAULT_HOLD);
      return this.#view.banner.countdown(retryAfter ?? DEFAULT_HOLD);
    }
    if (code.startsWith("token_")) return undefined; // the close code that follows asks for another
    if (code === "session_expired") {
      this.#delivery.hold(DEFAULT_HOLD);
      return this.#hooks.renew();
    }
    const text = known ? this.#words.say(key) : message || this.#words.say("error.unknown");
    if (id && this.#delivery.refused(id, { code, text })) return this.#view.announce(text);
    this.#stopThinking();
    if (code === "conversation_not_found") this.#hooks.restart();
    if (known) this.#view.banner.error(key);
    else this.#view.banner.error("error.unknown", text);
    return undefined;
  }

  #arrived() {
    if (this.#hooks.visible()) return this.#session.saw(this.#transcript.last);
    this.#unread += 1;
    return this.#hooks.unread(this.#unread);
  }

  #away(missed) {
    const { jump, jumpCount } = this.#view;
    jump.hidden = missed === null;
    if (missed) this.#words.put(jumpCount, "scroll.new", { count: missed });
    else jumpCount.textContent = "";
    this.#words.put(jump, missed ? "scroll.new_label" : "scroll.down", { count: missed ?? 0 }, "aria-label");
  }
}

// <tellergate-chat>: the bank's chat as one element. It has no dependencies and no build step; see docs/widget.md.

import { Connection } from "./chat/connection.js";
import { Conversation } from "./chat/conversation.js";
import { Session } from "./chat/session.js";
import { SignIn } from "./chat/signin.js";
import { Words } from "./chat/strings.js";
import { SHEETS } from "./chat/styles.js";
import { buildView } from "./chat/view.js";

const DEFAULT_ENDPOINT = "/ws/chat";

export class TellergateChat extends HTMLElement {
  static observedAttributes = ["language", "heading", "floating", "open"];

  /** Set by the host: `async (reason) => token | null`; reasons are start, expiring, refused. */
  tokenProvider = null;

  #words;
  #view;
  #session = null;
  #signIn;
  #connection = null;
  #conversation = null;
  #unread = 0;

  constructor() {
    super();
    this.#words = new Words(this.getAttribute("language") ?? document.documentElement.lang.slice(0, 2));
    this.#signIn = new SignIn({ askHost: (reason) => this.#askHost(reason), endpoint: () => this.getAttribute("token-endpoint") });
    this.#view = buildView(this.#words, {
      send: (text) => this.#conversation?.say(text),
      typing: () => this.#connection?.send({ type: "typing" }),
      person: () => this.#conversation?.say(this.#words.say("welcome.human")),
      toEnd: () => this.#conversation?.toEnd(),
      toRequest: () => this.#conversation?.toRequest(),
      language: () => this.#speak(this.#words.language === "en" ? "hi" : "en"),
      minimise: () => this.minimise(),
      open: () => this.open(),
      key: (event) => this.#key(event),
    });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = SHEETS();
    root.append(this.#view.launcher, this.#view.panel);
  }

  connectedCallback() {
    this.#assemble();
    this.#speak(this.#words.language);
    window.addEventListener("online", this.#retry);
    window.addEventListener("offline", this.#retry);
    document.addEventListener("visibilitychange", this.#shown);
    if (!this.hasAttribute("manual")) this.start();
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.#retry);
    window.removeEventListener("offline", this.#retry);
    document.removeEventListener("visibilitychange", this.#shown);
    this.#connection?.stop();
  }

  attributeChangedCallback(name, _before, value) {
    if (name === "language" && value) this.#speak(value);
    if (name === "heading") this.#words.put(this.#view.heading, value ? () => value : "panel.heading");
    if (name === "floating" || name === "open") this.#arrange();
  }

  /** Connects. Called by itself unless the attribute `manual` is set. */
  start() {
    this.#connection.start();
  }

  /** Takes a customer's token: signs in an open anonymous conversation, or opens the customer's own. */
  signIn(token) {
    this.#signIn.hold(token);
    if (this.#foreign()) {
      this.#connection.stop();
      this.#forget();
    }
    this.#connection.authenticate();
  }

  /** Ends the session in this tab and forgets the conversation; the service keeps its record. */
  signOut() {
    this.#connection.stop();
    this.#signIn.drop();
    this.#forget();
  }

  get unread() { return this.#unread; }
  get state() { return this.#connection?.state ?? "stopped"; }

  open() {
    this.setAttribute("open", "");
    this.focus();
  }

  minimise() {
    if (!this.hasAttribute("floating")) return;
    this.removeAttribute("open");
    this.#view.launcher.focus();
  }

  focus() {
    this.#view.composer.focus();
  }

  #assemble() {
    if (this.#connection) return;
    const endpoint = this.getAttribute("endpoint") ?? DEFAULT_ENDPOINT;
    this.#session = new Session(endpoint);
    this.#words.today = () => new Date(this.#session.serviceNow() ?? Date.now());
    this.#conversation = new Conversation({
      view: this.#view,
      words: this.#words,
      session: this.#session,
      send: (frame) => this.#connection.send(frame),
      hooks: {
        ready: (frame) => this.#ready(frame),
        status: (frame) => this.#tell("chat-status", { state: frame.state, position: frame.position, agent: frame.agent }),
        unread: (count) => this.#count(count),
        restart: () => this.#restart(),
        wake: () => (this.state === "stopped" || this.state === "paused") && this.#connection.retry(),
        renew: () => this.#connection.renew("refused"),
        visible: () => !document.hidden && (!this.hasAttribute("floating") || this.hasAttribute("open")),
      },
    });
    this.#connection = new Connection({
      endpoint: () => endpoint,
      after: () => this.#conversation.after,
      session: this.#session,
      signIn: this.#signIn,
      hooks: {
        frame: (frame) => this.#conversation.heard(frame),
        state: (name, detail) => this.#connected(name, detail),
        lost: () => this.#conversation.lost(),
        tooLarge: () => this.#conversation.tooLarge(),
        identified: () => this.#foreign() && this.#forget(),
      },
    });
  }

  /** True when the remembered conversation belongs to somebody else than whoever is here now. */
  #foreign() {
    const { customer } = this.#session;
    if (customer === null) return false;
    return !this.#signIn.held || (this.#signIn.subject !== null && this.#signIn.subject !== customer);
  }

  /** A clean page: nothing of an earlier customer stays, on screen or in storage. */
  #forget() {
    this.#session.forget();
    this.#conversation.clear();
  }

  #restart() {
    this.#connection.stop();
    this.#forget();
    this.#connection.start();
  }

  /** The attribute `state` lets a host style and test for the connection. */
  #connected(name, detail) {
    this.setAttribute("state", name);
    this.#conversation.connection(name, detail, { retry: () => this.#connection.retry() });
  }

  #ready({ conversation, customer }) {
    if (customer && !this.hasAttribute("language")) this.#speak(customer.language);
    this.#tell("chat-ready", { conversation, customer });
  }

  #speak(language) {
    this.#words.speak(language);
    this.#view.panel.lang = this.#words.language;
    this.#words.reword(this.shadowRoot);
  }

  #arrange() {
    const hidden = this.hasAttribute("floating") && !this.hasAttribute("open");
    this.#view.panel.hidden = hidden;
    this.#view.launcher.hidden = !this.hasAttribute("floating") || !hidden;
    this.#view.launcher.setAttribute("aria-expanded", String(!hidden));
    if (!hidden) this.#shown();
  }

  #count(count) {
    this.#unread = count;
    const { badge, launcher } = this.#view;
    badge.hidden = count === 0;
    badge.textContent = count > 9 ? "9+" : String(count);
    this.#words.put(launcher, count ? "panel.open_unread" : "panel.open", { count }, "aria-label");
    this.#tell("chat-unread", { count });
  }

  /** Escape leaves a request for the composer, and the composer for the page. */
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const inRequest = this.shadowRoot.activeElement?.closest(".request");
    if (inRequest) this.focus();
    else this.minimise();
  }

  #retry = () => {
    if (navigator.onLine === false) this.#connection.broken();
    else if (this.state === "offline" || this.state === "waiting") this.#connection.retry();
  };

  #shown = () => {
    if (document.hidden) return;
    this.#conversation?.seen();
    if (this.state === "paused" || this.state === "waiting") this.#connection.retry();
  };

  async #askHost(reason) {
    if (this.tokenProvider) return this.tokenProvider(reason);
    let answer = null;
    this.#tell("token-needed", { reason, respondWith: (token) => (answer = token) });
    return answer;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("tellergate-chat")) customElements.define("tellergate-chat", TellergateChat);

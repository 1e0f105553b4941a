// One message of the conversation as an element: who said it, when, the words, cards beside them and quick replies below.

import { el, foreign, icon, rows, unseen } from "./dom.js";

const REFERENCE = /(\b[A-Z]{2,5}(?:-[0-9A-Z]{2,12}){1,3}\b)/;

/** A message frame of anyone but this customer. `onReply(text)` is called for a quick reply. */
export function said(frame, words, onReply) {
  const { kind } = frame.author;
  return el(
    "article",
    { className: `message ${kind}`, attrs: { part: `message ${kind}-message` } },
    el("header", { className: "meta" }, author(frame.author, words), clock(frame.at, words)),
    frame.text ? el("div", { className: "bubble" }, spoken(frame.text)) : null,
    ...(frame.cards ?? []).map(card),
    quickReplies(frame.quick_replies ?? [], onReply),
  );
}

/** The customer's own message, from the moment it was typed: `sent` is its delivery line. */
export function own(text, at, words) {
  const delivery = el("span", { className: "delivery" });
  const bubble = el("div", { className: "bubble" }, spoken(text));
  const foot = el("footer", { className: "meta" }, delivery, clock(at, words));
  const node = el(
    "article",
    { className: "message customer pending", attrs: { part: "message customer-message" } },
    words.put(unseen(""), "author.you"),
    bubble,
    foot,
  );
  /** As the service keeps it: masked words and its own time. */
  const kept = (frame) => {
    bubble.replaceChildren(spoken(frame.text));
    foot.replaceChildren(delivery, clock(frame.at, words));
  };
  return { node, delivery, kept };
}

/** A text in its paragraphs; references such as DSP-261125-937495 are kept on one line. */
function spoken(text) {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => {
    const node = foreign("p", "", paragraph);
    const pieces = paragraph.split(REFERENCE);
    if (pieces.length > 1) node.replaceChildren(...pieces.map((piece, at) => (at % 2 ? el("span", { className: "whole" }, piece) : piece)));
    return node;
  });
  return el("div", { className: "text" }, ...paragraphs);
}

/** Sentences that came before their message; announced only once the message itself is there. */
export function provisional(words) {
  const text = foreign("p", "text", "");
  const node = el(
    "div",
    { className: "message assistant provisional", attrs: { "aria-hidden": true } },
    el("header", { className: "meta" }, author({ kind: "assistant", name: "" }, words)),
    el("div", { className: "bubble" }, text),
  );
  return { text, node };
}

function author({ kind, name }, words) {
  const label = el("span", { className: "author" });
  if (kind === "assistant") label.append(icon("shield"));
  label.append(words.put(el("span", { attrs: { dir: "auto" } }), labelOf(kind, name), { name }));
  return label;
}

/** The key of the label. A name that only repeats it ("Assistant") is left out; the label itself never is. */
function labelOf(kind, name) {
  if (kind === "assistant") return !name || /assistant|सहायक/i.test(name) ? "author.assistant" : "author.assistant_named";
  if (kind === "agent") return name ? "author.agent" : "author.agent_unnamed";
  return kind === "system" ? "author.system" : "author.you";
}

function clock(at, words) {
  const moment = at instanceof Date ? at : new Date(at);
  const node = el("time", { dateTime: moment.toISOString() });
  words.put(node, (spoken) => spoken.exactTime(moment), {}, "title");
  return words.put(node, (spoken) => spoken.time(moment));
}

function card({ kind, title, rows: pairs = [], note = "" }) {
  return el(
    "section",
    { className: `card ${kind}`, attrs: { part: "card", "aria-label": title } },
    title ? foreign("h3", "card-title", title) : null,
    pairs.length ? rows(pairs) : null,
    note ? foreign("p", "card-note", note) : null,
  );
}

function quickReplies(replies, onReply) {
  if (replies.length === 0) return null;
  const buttons = replies.map(({ title, text }) =>
    el("button", { type: "button", className: "chip", textContent: title, attrs: { part: "quick-reply" }, on: { click: () => onReply(text) } }),
  );
  return el("div", { className: "chips" }, ...buttons);
}

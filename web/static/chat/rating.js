// Asked once a conversation is closed: stars, a few words if wanted, and the way to a new conversation.

import { el, icon } from "./dom.js";

const LONGEST_COMMENT = 1000;

/** `onRate({stars, text})` sends and tells whether it could; `onRestart()` begins anew. */
export function rating({ words, onRate, onRestart }) {
  const inputs = [1, 2, 3, 4, 5].map((count) => {
    const input = el("input", { type: "radio", name: "stars", value: String(count), className: "unseen" });
    return words.put(input, "rating.stars", { count }, "aria-label");
  });
  const stars = inputs.map((input) => el("label", { className: "star" }, input, icon("star")));
  const paint = () => {
    const chosen = inputs.findIndex((input) => input.checked);
    stars.forEach((star, at) => star.classList.toggle("lit", at <= chosen));
  };
  const comment = words.put(el("textarea", { rows: 2, maxLength: LONGEST_COMMENT, className: "comment" }), "rating.comment", {}, "aria-label");
  words.put(comment, "rating.comment", {}, "placeholder");
  const problem = el("p", { className: "problem", attrs: { role: "alert" } });
  const title = words.put(el("h3", { className: "request-title", id: "rating-title" }), "rating.title");
  const go = words.put(el("button", { type: "submit", className: "primary" }), "rating.send");
  const restart = words.put(el("button", { type: "button", className: "secondary", on: { click: onRestart } }), "rating.restart");
  const group = el("div", { className: "stars", attrs: { role: "radiogroup", "aria-labelledby": "rating-title" }, on: { change: paint } }, ...stars);
  const form = el("form", { className: "body", noValidate: true }, title, group, comment, problem, el("div", { className: "decide" }, go));
  const node = el("section", { className: "request rating", attrs: { part: "rating", "aria-labelledby": "rating-title" } }, form, restart);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const stars = inputs.findIndex((input) => input.checked) + 1;
    if (stars === 0) return void words.put(problem, "rating.choose_first");
    if (!onRate({ stars, text: comment.value.trim() })) return;
    form.replaceWith(words.put(el("p", { className: "outcome", attrs: { role: "status" } }), "rating.thanks"));
    restart.focus();
  });
  return node;
}

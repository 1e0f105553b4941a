// The controls of each kind of request. A body has: `node`, `field` (where typing starts, if anywhere), `disable(off)` and
// `finish()`, which takes the controls away. `submit(fields, said)` sends an answer and names what the card says afterwards.

import { el, foreign, icon, rows } from "./dom.js";

const MANY_OPTIONS = 5;
const LONGEST_SECRET = 128;

export function bodyFor(frame, tools) {
  return { choice, secret, confirm, file }[frame.kind](frame, tools);
}

function choice(frame, tools) {
  return frame.options.length > MANY_OPTIONS ? radios(frame, tools) : buttons(frame, tools);
}

function buttons({ options, rows: pairs = [] }, { submit }) {
  const controls = options.map(({ value, title, detail }) =>
    el(
      "button",
      { type: "button", className: "option", attrs: { part: "option" }, on: { click: () => submit({ type: "choice", value }, chosen(title)) } },
      foreign("span", "option-title", title),
      detail ? foreign("span", "option-detail", detail) : null,
    ),
  );
  return body(el("div", { className: "body" }, shown(pairs), el("div", { className: "options" }, ...controls)), controls);
}

function radios({ id, options, rows: pairs = [] }, { words, submit, complain }) {
  const inputs = options.map(({ value }) => el("input", { type: "radio", name: `choice-${id}`, value }));
  const lines = options.map(({ title, detail }, at) =>
    el(
      "label",
      { className: "option radio" },
      inputs[at],
      el("span", {}, foreign("span", "option-title", title), detail ? foreign("span", "option-detail", detail) : null),
    ),
  );
  const go = words.put(el("button", { type: "submit", className: "primary" }), "request.choose");
  const onSubmit = (event) => {
    event.preventDefault();
    const at = inputs.findIndex((input) => input.checked);
    if (at < 0) return complain("request.choose_first");
    submit({ type: "choice", value: options[at].value }, chosen(options[at].title));
  };
  const group = el("div", { className: "options", attrs: { role: "radiogroup", "aria-labelledby": `prompt-${id}` } }, ...lines);
  return body(el("form", { className: "body", noValidate: true, on: { submit: onSubmit } }, shown(pairs), group, go), [...inputs, go]);
}

const chosen = (title) => ({ key: "request.chosen", values: { title } });

/** A masked field. Its value goes into one frame and is wiped here at once; the field itself leaves the page when it is acknowledged. */
function secret({ id, purpose }, { words, submit, complain }) {
  const code = purpose === "otp";
  const input = el("input", {
    type: "password",
    id: `secret-${id}`,
    className: code ? "secret-input code" : "secret-input",
    maxLength: LONGEST_SECRET,
    autocomplete: code ? "one-time-code" : "off",
    inputMode: code ? "numeric" : "text",
    spellcheck: false,
    attrs: { autocapitalize: "off", autocorrect: "off", "aria-describedby": `note-${id}`, "data-1p-ignore": true, "data-lpignore": "true" },
  });
  const label = words.put(el("label", { htmlFor: input.id }), code ? "secret.otp" : purpose === "security_answer" ? "secret.security_answer" : "secret.other");
  const reveal = words.put(el("button", { type: "button", className: "reveal" }, icon("eye")), "secret.show", {}, "aria-label");
  reveal.setAttribute("aria-pressed", "false");
  reveal.addEventListener("click", () => {
    const masked = input.type === "password";
    input.type = masked ? "text" : "password";
    reveal.setAttribute("aria-pressed", String(masked));
    input.focus();
  });
  const go = words.put(el("button", { type: "submit", className: "primary" }), "secret.send");
  const note = words.put(el("p", { className: "note", id: `note-${id}` }), "secret.note");
  const onSubmit = (event) => {
    event.preventDefault();
    const value = input.value.trim();
    if (value === "") {
      input.focus();
      return complain("secret.empty");
    }
    input.value = "";
    input.type = "password";
    submit({ type: "secret", value }, { key: "secret.sent" });
  };
  const line = el("div", { className: "secret-line" }, el("div", { className: "secret-field" }, input, reveal), go);
  const form = el("form", { className: "body", noValidate: true, autocomplete: "off", on: { submit: onSubmit } }, label, line, note);
  return { ...body(form, [input, reveal, go]), field: input };
}

/** What is agreed to, word for word, and two buttons. The frame carries the request's own digest and nothing else. */
function confirm({ digest, rows: pairs = [] }, { words, submit }) {
  const say = (value) => () => submit({ type: "confirm", digest, value }, { key: value ? "confirm.said_yes" : "confirm.said_no" });
  const yes = words.put(el("button", { type: "button", className: "primary", on: { click: say(true) } }), "confirm.yes");
  const no = words.put(el("button", { type: "button", className: "secondary", on: { click: say(false) } }), "confirm.no");
  const controls = [yes, no];
  const node = el("div", { className: "body" }, shown(pairs), fingerprint(digest, words), el("div", { className: "decide" }, yes, no));
  const own = body(node, controls);
  return { ...own, finish: () => controls.forEach((control) => control.remove()) };
}

function fingerprint(digest, words) {
  const short = (digest ?? "").replace(/^sha-?256[:=-]/i, "").slice(0, 12).replace(/(.{4})(?=.)/g, "$1 ");
  return el(
    "details",
    { className: "fingerprint" },
    words.put(el("summary"), "confirm.details"),
    el("p", {}, words.put(el("span"), "confirm.digest"), " ", el("code", { textContent: short })),
    words.put(el("p"), "confirm.digest_note"),
  );
}

/** Uploads come later; saying so is kinder than a button that fails. */
function file(_frame, { words }) {
  const button = words.put(el("button", { type: "button", className: "secondary", disabled: true }), "file.choose");
  const note = words.put(el("p", { className: "note" }), "file.unavailable");
  return body(el("div", { className: "body" }, button, note), [button], true);
}

const shown = (pairs) => (pairs.length ? rows(pairs) : null);

function body(node, controls, alwaysOff = false) {
  return {
    node,
    disable: (off) => controls.forEach((control) => (control.disabled = alwaysOff || off)),
    finish: () => node.remove(),
  };
}

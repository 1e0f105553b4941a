// The demonstration page: choose a fictional customer, get their token from the sandbox, watch their phone. No part of the product.

import { watchPhone } from "./phone.js";
import { themeSwitch } from "./themes.js";

const REMEMBERED = "sandbox-bank:customer";

const chat = document.querySelector("tellergate-chat");
const picker = document.querySelector("#picker");
const customers = document.querySelector("#customers");
const who = document.querySelector("#who");
const amr = document.querySelector("#amr");
const phone = watchPhone({ list: document.querySelector("#messages"), title: document.querySelector("#phone-of") });
let current = null;

chat.tokenProvider = async () => (current ? tokenFor(current) : null);
themeSwitch(document.querySelector("#theme"), chat);
picker.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = picker.querySelector("input[name=customer]:checked");
  if (chosen) signIn(chosen.value);
  else who.textContent = "Choose a customer first.";
});
document.querySelector("#anonymous").addEventListener("click", stayAnonymous);
show();

async function show() {
  let people = [];
  try {
    const answer = await get("/demo/customers");
    people = answer.customers;
    if (answer.bank) nameBank(answer.bank);
  } catch {
    customers.querySelector(".lead").textContent = "The sandbox does not answer. Reload the page to try again.";
    return;
  }
  customers.replaceChildren(customers.firstElementChild, ...people.map(person));
  const before = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "null");
  const known = people.some(({ id }) => id === before?.id);
  if (before?.id && known) {
    customers.querySelector(`input[value="${CSS.escape(before.id)}"]`).checked = true;
    amr.value = before.amr;
    signIn(before.id);
  } else if (before?.anonymous) {
    stayAnonymous();
  } else {
    customers.querySelector("input")?.setAttribute("checked", "");
  }
}

function nameBank(name) {
  chat.setAttribute("heading", name);
  document.querySelector(".brand-name").textContent = name;
  document.title = `${name} · demonstration`;
}

function person({ id, name, about, language }) {
  const input = Object.assign(document.createElement("input"), { type: "radio", name: "customer", value: id });
  const title = Object.assign(document.createElement("span"), { className: "person-name", textContent: name });
  if (language === "hi") title.append(Object.assign(document.createElement("span"), { className: "tag", textContent: "हिन्दी" }));
  const text = Object.assign(document.createElement("span"), { className: "person-about", textContent: about });
  const label = Object.assign(document.createElement("label"), { className: "person" });
  label.dataset.name = name;
  label.append(input, title, text);
  return label;
}

async function signIn(id) {
  current = { id, amr: amr.value };
  const name = customers.querySelector(`input[value="${CSS.escape(id)}"]`).closest(".person").dataset.name;
  try {
    const token = await tokenFor(current);
    sessionStorage.setItem(REMEMBERED, JSON.stringify(current));
    who.textContent = `Signed in as ${name}.`;
    phone.follow(id, name);
    chat.signIn(token);
    bringUp();
  } catch {
    who.textContent = "The sandbox did not give a token. Please try again.";
  }
}

function stayAnonymous() {
  if (current !== null) chat.signOut();
  current = null;
  sessionStorage.setItem(REMEMBERED, JSON.stringify({ anonymous: true }));
  phone.follow(null, null);
  chat.start();
  bringUp();
}

chat.addEventListener("chat-ready", ({ detail: { customer } }) => {
  if (customer === null) who.textContent = "You are anonymous. Choosing a customer later signs this conversation in.";
});

/** On a narrow screen the chat is below the picker. */
function bringUp() {
  chat.scrollIntoView({ block: "nearest" });
  chat.focus();
}

async function tokenFor({ id, amr: methods }) {
  const body = JSON.stringify({ customer: id, amr: methods.split(",") });
  const { token } = await get("/demo/token", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return token;
}

async function get(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

// The sandbox phone: what the sandbox bank sent to a customer, newest last, with one-time codes easy to read and copy.

const EVERY = 1500;
const CODE = /(?<!\d)\d{6}(?!\d)/;
const CHANNELS = { sms: "SMS", email: "E-mail", push: "Push" };

/** Returns `follow(customer, name)`; null stops. Polls only while the page is seen. */
export function watchPhone({ list, title }) {
  let customer = null;
  let shown = 0;

  async function look() {
    const asked = customer;
    if (asked === null || document.hidden) return;
    const response = await fetch(`/demo/phone/${encodeURIComponent(asked)}`).catch(() => null);
    if (!response?.ok) return;
    const { messages } = await response.json();
    if (asked !== customer) return;
    const inOrder = [...messages].sort((one, other) => one.at.localeCompare(other.at));
    for (const message of inOrder.slice(shown)) list.append(item(message));
    if (inOrder.length > shown) list.scrollTop = list.scrollHeight;
    shown = inOrder.length;
  }

  setInterval(look, EVERY);
  return {
    follow(id, name) {
      customer = id;
      shown = 0;
      list.replaceChildren();
      title.textContent = id ? `Messages to ${name}` : "Nobody is signed in.";
      look();
    },
  };
}

function item({ at, channel, template, text }) {
  const head = make("div", "sms-head", make("b", "", CHANNELS[channel] ?? channel), make("time", "", when(at)));
  const entry = make("li", "sms", head, make("p", "", text));
  const code = /otp|code/i.test(template) ? text.match(CODE)?.[0] : null; // references have six digits in a row too
  if (code) entry.append(codeLine(code));
  return entry;
}

function codeLine(code) {
  const copy = make("button", "", "Copy");
  copy.type = "button";
  copy.setAttribute("aria-label", `Copy code ${code}`);
  copy.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(code).catch(() => null);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  return make("div", "code", make("output", "", code), copy);
}

function when(at) {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? "" : moment.toLocaleTimeString("en-IN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

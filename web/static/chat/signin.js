// Tokens of a signed-in customer. The host page owns them: it hands one over, names an address that gives one, or answers a question.
// A token lives in this object only, never in storage or the page.

const RENEW_BEFORE = 60_000;

export class SignIn {
  #token = null;
  #heldSince = 0;
  #asking = null;
  #askHost;
  #endpoint;

  /** `askHost(reason)` resolves to a token or null; `endpoint()` is the address of the attribute, or null. */
  constructor({ askHost, endpoint }) {
    this.#askHost = askHost;
    this.#endpoint = endpoint;
  }

  get held() { return this.#token !== null; }
  get current() { return this.#token; }

  hold(token) {
    this.#token = token;
    this.#heldSince = Date.now();
  }

  drop() {
    this.#token = null;
  }

  /** The customer a token is about, as it says itself; used only to decide whether a stored conversation may be theirs. */
  get subject() { return claims(this.#token)?.sub ?? null; }

  /** A token that is still good for a while, or null for an anonymous visitor. */
  async token() {
    if (this.#token === null) return this.fresh("start");
    return this.renewIn() > 0 ? this.#token : this.fresh("expiring");
  }

  /** A new token from the host; asked once even when several parts want it. Null when the host has none. */
  fresh(reason) {
    this.#asking ??= this.#obtain(reason).finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Milliseconds until the token should be renewed. Its own span counts, not this device's clock, which may be wrong. */
  renewIn() {
    const { iat, exp } = claims(this.#token) ?? {};
    if (!exp) return Infinity;
    const span = iat ? (exp - iat) * 1000 : exp * 1000 - this.#heldSince;
    return this.#heldSince + span - Math.min(RENEW_BEFORE, span / 3) - Date.now();
  }

  async #obtain(reason) {
    const token = (await this.#askHost(reason)) ?? (await this.#fetch());
    if (typeof token !== "string" || token === "") return null;
    this.hold(token);
    return token;
  }

  async #fetch() {
    const address = this.#endpoint();
    if (!address) return null;
    const response = await fetch(address, { method: "POST", credentials: "same-origin", headers: { Accept: "application/json" } });
    if (response.status >= 500) throw new Error("the token address does not answer");
    if (!response.ok || response.status === 204) return null;
    return (await response.json()).token ?? null;
  }
}

function claims(token) {
  try {
    const body = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(body));
  } catch {
    return null;
  }
}

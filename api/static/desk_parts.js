// What the modules of the desk share: asking the server for a piece of a page, and saying things to whoever listens.
// Pieces come rendered and escaped by the server, are parsed into a document of their own (no script in it runs) and adopted.
export const root = document.querySelector("[data-desk]");
export const csrf = root.dataset.csrf;
const status = document.querySelector("[data-status]");
const alarm = document.querySelector("[data-alarm]");

export class Refused extends Error {
  constructor(answer, told) {
    super(told.detail ?? "");
    this.status = answer.status;
    this.name = told.name ?? "failed";
    this.told = told;
  }
}

export async function piece(address, selector, how = {}) {
  const headers = { "X-Part": "1", ...(how.attended ? {} : { "X-Unattended": "1" }) };
  const answer = await fetch(address, { headers, cache: "no-store", signal: how.signal });
  if (answer.redirected || answer.status === 401) throw new Refused({ status: 401 }, { name: "gone", detail: root.dataset.gone });
  if (!answer.ok) throw new Refused(answer, {});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = selector ? page.querySelector(selector) : page.body;
  return found ? document.adoptNode(found) : null;
}

// Sends a form as the browser would, and tells what the server said. Raises Refused.
export async function send(form, more = {}, how = {}) {
  const body = form instanceof HTMLFormElement ? new FormData(form) : new FormData();
  if (!body.has("csrf")) body.set("csrf", csrf);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const address = how.to ?? (form instanceof HTMLFormElement ? form.getAttribute("action") : form);
  const headers = { "X-Part": "1", ...(how.unattended ? { "X-Unattended": "1" } : {}) };
  const answer = await fetch(address, { method: "POST", body, headers, keepalive: Boolean(how.last) });
  if (answer.redirected || answer.status === 401) throw new Refused({ status: 401 }, { name: "gone", detail: root.dataset.gone });
  const told = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer, { ...told, detail: told.detail ?? root.dataset.away });
  return told;
}

export function say(text) {
  // The same words twice are said twice: a screen reader hears a change only.
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = text));
}

export function warn(text) {
  alarm.hidden = !text;
  alarm.querySelector("[data-text]").textContent = text;
}

export function failed(error) {
  warn(error instanceof Refused && error.message ? error.message : root.dataset.away);
}

export function key() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function later(wait, deed) {
  let timer = 0;
  const soon = (...told) => {
    clearTimeout(timer);
    timer = setTimeout(() => deed(...told), wait);
  };
  soon.now = (...told) => {
    clearTimeout(timer);
    return deed(...told);
  };
  soon.stop = () => clearTimeout(timer);
  return soon;
}

alarm?.querySelector("button").addEventListener("click", () => warn(""));

// What happens at the desk, told by the server as it happens. After a break the browser names the last event it has heard,
// so that nothing is missed and nothing comes twice.
import { root } from "./desk_parts.js";

const KINDS = ["asked", "taken", "transferred", "returned", "ended", "changed", "line", "edited", "delivery", "mentioned", "ticket", "staff"];
const FIRST = 1_000;
const LONGEST = 30_000;
const shown = document.querySelector("[data-live]");

// `kinds` are the events that are heard, `more` stands behind the address; `typing` hears that a colleague writes, `turned`
// that the line is on, away or gone.
export function listen(heard, caughtUp, { kinds = KINDS, more = "", typing = null, turned = () => {} } = {}) {
  let last = Number(root.dataset.after);
  let wait = FIRST;
  let source = null;
  let broken = false;

  function state(name) {
    if (shown.dataset.live === name) return;
    shown.dataset.live = name;
    shown.textContent = shown.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`];
    turned(name);
  }

  function hear(event) {
    const number = Number(event.lastEventId);
    if (number && number <= last) return;
    if (number) last = number;
    heard(JSON.parse(event.data), event.type);
  }

  // Ends it for good; whoever else learns that the session is over calls it too.
  function gone() {
    source.close();
    state("gone");
  }

  function open() {
    source = new EventSource(`/api/v1/events?after=${last}${more}`);
    source.addEventListener("open", () => {
      wait = FIRST;
      state("on");
      if (broken) caughtUp();
      broken = false;
    });
    for (const kind of kinds) source.addEventListener(kind, hear);
    // It has no number: it is of this moment, and nobody comes back for it.
    if (typing) source.addEventListener("typing", (event) => typing(JSON.parse(event.data)));
    source.addEventListener("reset", caughtUp);
    source.addEventListener("gone", gone);
    source.addEventListener("error", () => {
      broken = true;
      state("away");
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser gives up for good when the server answers with an error: whether the session ended is asked apart.
      setTimeout(again, wait);
      wait = Math.min(wait * 2, LONGEST);
    });
  }

  async function again() {
    const answer = await fetch("/api/v1/me", { headers: { "X-Unattended": "1" }, cache: "no-store" }).catch(() => null);
    if (answer?.status === 401) gone();
    else open();
  }

  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  open();
  return gone;
}

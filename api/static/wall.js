// Keeps the wall fresh: the desk's stream says that something happened, and the page's own words are taken over, so that they are
// said in one place. Its clocks tick by themselves. Nobody sits at a wall: the stream does not say that anybody is at work, while
// each look keeps the session, up to its twelve hours.
import { tick } from "./desk_clock.js";
import { listen } from "./desk_events.js";
import { later } from "./desk_parts.js";

const SECOND = 1_000;
const GATHER = 300;
/* Who went silent and what got late is told by nobody. */
const LOOK = 15_000;
const LOOK_AWAY = 5_000;

const wall = document.querySelector("[data-wall]");
let timer = 0;
let asking = false;
let again = false;
let gone = false;

function take(fresh) {
  for (const place of wall.querySelectorAll("[data-word]")) {
    const said = fresh.querySelector(`[data-word="${place.dataset.word}"]`);
    if (said && !place.isEqualNode(said)) place.replaceWith(document.adoptNode(said));
  }
  for (const tile of wall.querySelectorAll("[data-hot]")) {
    const hot = fresh.querySelector(`[data-hot="${tile.dataset.hot}"]`)?.classList.contains("hot") ?? false;
    tile.classList.toggle("hot", hot);
  }
  tick(wall);
}

// One question at a time: what happens meanwhile is asked for once more, when the answer is there.
async function ask() {
  again = asking;
  if (asking || gone || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch("/desk/wall?live=1", { cache: "no-store", redirect: "manual" });
    if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    else if (answer.type === "opaqueredirect" || answer.status === 403) end();
  } catch {
    // The stream says by itself that the server is away.
  } finally {
    asking = false;
  }
  if (again) soon();
}

function every(period) {
  clearInterval(timer);
  timer = setInterval(ask, period);
}

function turned(state) {
  gone = state === "gone";
  if (gone) clearInterval(timer);
  else every(state === "on" ? LOOK : LOOK_AWAY);
}

const soon = later(GATHER, ask);
document.addEventListener("visibilitychange", ask);
setInterval(() => tick(wall), SECOND);
every(LOOK_AWAY);
const end = listen(() => soon(), () => soon(), { kinds: ["wall"], more: "&wall=true", turned });
wall.dataset.ready = "1";

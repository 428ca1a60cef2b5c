// Keeps the wall fresh: asks for the page itself every five seconds and takes its words over, so that they are said in one place.
// Nobody sits at a wall: looking counts as being there, up to the twelve hours of a session.
const PERIOD = 5_000;

const wall = document.querySelector("[data-wall]");
const notice = wall.querySelector("[data-notice]");
let timer = 0;
let asking = false;

function take(fresh) {
  for (const place of wall.querySelectorAll("[data-word]")) {
    const said = fresh.querySelector(`[data-word="${place.dataset.word}"]`)?.textContent ?? "—";
    if (place.textContent !== said) place.textContent = said;
  }
  for (const tile of wall.querySelectorAll("[data-hot]")) {
    const hot = fresh.querySelector(`[data-hot="${tile.dataset.hot}"]`)?.classList.contains("hot") ?? false;
    tile.classList.toggle("hot", hot);
  }
}

async function ask() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch("/desk/wall?live=1", { cache: "no-store", redirect: "manual" });
    if (answer.ok) {
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      notice.textContent = "";
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      clearInterval(timer);
      notice.textContent = wall.dataset.gone;
    } else {
      notice.textContent = wall.dataset.away;
    }
  } catch {
    notice.textContent = wall.dataset.away;
  } finally {
    asking = false;
  }
}

document.addEventListener("visibilitychange", ask);
timer = setInterval(ask, PERIOD);

// Keeps the numbers of a broadcast fresh while somebody looks at them. Without this module a reload shows them.
const PERIOD = 3_000;

const page = document.querySelector("[data-broadcast]");
const notice = page.querySelector("[data-notice]");
const bar = page.querySelector("[data-bar]");
const live = page.querySelector("[data-live]");
let timer = 0;

function say(text) {
  notice.hidden = !text;
  if (notice.textContent !== text) notice.textContent = text;
}

function show({ state, said }) {
  // Another state has other buttons; an open question is not torn away from under a hand.
  if (state !== page.dataset.state && !page.querySelector("details.sure[open]")) {
    location.reload();
    return;
  }
  for (const word of page.querySelectorAll("[data-word]")) {
    const text = said[word.dataset.word];
    if (word.textContent !== text) word.textContent = text;
  }
  if (bar) [bar.max, bar.value] = [said.of, said.done];
  say("");
}

async function ask() {
  if (document.hidden) return;
  try {
    const address = `/api/v1/broadcasts/${page.dataset.broadcast}`;
    const answer = await fetch(address, { headers: { Accept: "application/json", "X-Unattended": "1" }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 403) {
      clearInterval(timer);
      say(page.dataset.gone);
    } else if (answer.ok) {
      show(await answer.json());
    } else {
      say(page.dataset.away);
    }
  } catch {
    say(page.dataset.away);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
if (live) live.hidden = false;
timer = setInterval(ask, PERIOD);

/** The list of deliveries keeps itself fresh; a choice of the timer takes effect at once. */
const POLL_MS = 2000;
const log = document.getElementById("log");
const timer = document.querySelector(".timer");

async function poll() {
  try {
    const answer = await fetch("/clinic/log", { cache: "no-store" });
    const html = await answer.text();
    // What the server escaped is markup of ours.
    if (answer.ok && html !== log.dataset.shown) {
      log.dataset.shown = html;
      log.replaceChildren(document.createRange().createContextualFragment(html));
    }
  } catch {
    // The playground was stopped: the page shows what it knows.
  }
  setTimeout(poll, POLL_MS);
}

timer.querySelector("button").hidden = true;
timer.addEventListener("change", () => timer.submit());
setTimeout(poll, POLL_MS);

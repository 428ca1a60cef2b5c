// Keeps the queue fresh: asks for it every ten seconds while somebody is at the desk. Without this module the page still works.
const PERIOD = 10_000;

const queue = document.querySelector("[data-queue]");
const [rows, count, live, notice, empty, more, template] = ["rows", "count", "live", "notice", "empty", "more", "row"]
  .map((name) => queue.querySelector(`[data-${name}]`));
const title = document.title;
let timer = 0;
let asked = 0;

function fill(row, item) {
  row.dataset.id = item.id;
  row.querySelector("a").href = item.page;
  for (const word of row.querySelectorAll("[data-word]")) {
    const text = item[word.dataset.word];
    if (word.textContent !== text) word.textContent = text;
  }
}

function show({ waiting, more: cut }) {
  const known = new Map([...rows.children].map((row) => [row.dataset.id, row]));
  let came = 0;
  waiting.forEach((item, place) => {
    let row = known.get(item.id);
    known.delete(item.id);
    if (!row) {
      row = template.content.firstElementChild.cloneNode(true);
      row.classList.add("fresh");
      came += 1;
    }
    fill(row, item);
    // Moving a row would take the focus from it, so only rows out of their place move.
    if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null);
  });
  for (const row of known.values()) row.remove();
  count.textContent = waiting.length;
  document.title = waiting.length ? `(${waiting.length}) ${title}` : title;
  empty.hidden = waiting.length > 0;
  more.hidden = !cut;
  say(came ? queue.dataset.came.replace("{n}", came) : "");
}

function say(text, link) {
  notice.hidden = !text;
  if (notice.textContent === text) return;
  notice.textContent = text;
  if (link) {
    const way = Object.assign(document.createElement("a"), { href: "/desk", textContent: text });
    notice.replaceChildren(way);
  }
}

async function ask() {
  if (document.hidden) return;
  const turn = ++asked;
  // A slow answer to an earlier question must not wipe what a later one has said.
  const late = () => turn !== asked;
  try {
    const answer = await fetch("/api/v1/queue", { headers: { Accept: "application/json", "X-Unattended": "1" }, cache: "no-store" });
    if (late()) return;
    if (answer.status === 401 || answer.status === 403) {
      clearInterval(timer);
      say(queue.dataset.gone, true);
    } else if (answer.ok) {
      const shown = await answer.json();
      if (!late()) show(shown);
    } else {
      say(queue.dataset.away);
    }
  } catch {
    if (!late()) say(queue.dataset.away);
  }
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
live.textContent = `${live.textContent} ${queue.dataset.on}`;
timer = setInterval(ask, PERIOD);

/** The inbox keeps itself fresh: it asks for what is new, and filters while one types. */
const POLL_MS = 1500;
const TYPING_MS = 200;

const items = document.getElementById("items");
const empty = document.getElementById("empty");
const live = document.getElementById("live");
const filter = document.querySelector(".filter");
const title = document.title;

let last = Number(items.dataset.last);
let unseen = 0;
let turn = 0;

function address(after) {
  const query = new URLSearchParams(new FormData(filter));
  query.set("after", after);
  return `/inbox/news?${query}`;
}

async function ask(after) {
  const asked = turn;
  const answer = await fetch(address(after), { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.statusText);
  const html = answer.status === 204 ? "" : await answer.text();
  return asked === turn ? { html, last: Number(answer.headers.get("X-Last")) } : null;
}

function show(news, whole) {
  // What the server escaped is markup of ours; the letters' own HTML stays in its sandboxed frame.
  const piece = document.createRange().createContextualFragment(news.html);
  const fresh = [...piece.querySelectorAll(".item")];
  if (whole) items.replaceChildren(piece);
  else {
    for (const item of fresh) item.classList.add("fresh");
    items.prepend(piece);
    if (document.hidden) unseen += fresh.length;
  }
  last = news.last;
  empty.hidden = items.childElementCount > 0;
  document.title = unseen ? `(${unseen}) ${title}` : title;
}

async function poll() {
  try {
    // A playground that was started anew counts from one again.
    const news = await ask(last);
    if (news && news.last < last) {
      const all = await ask(0);
      if (all) show(all, true);
    } else if (news) show(news, false);
    live.hidden = true;
  } catch {
    live.textContent = "Нет связи, пробуем снова";
    live.hidden = false;
  }
  setTimeout(poll, POLL_MS);
}

let typing;
filter.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(async () => {
    turn += 1;
    const query = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value));
    history.replaceState(null, "", query.size ? `/inbox?${query}` : "/inbox");
    try {
      const all = await ask(0);
      if (all) show(all, true);
    } catch {
      last = 0;
      items.replaceChildren();
    }
  }, TYPING_MS);
});
filter.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  document.title = title;
});

setTimeout(poll, POLL_MS);

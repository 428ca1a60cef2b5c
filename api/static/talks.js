// The page of conversations, alive: what happens appears by itself, and conversations open in place.
// Without this module everything can be read, and every form works by a reload.
import "./talks_box.js";
import { called } from "./desk_called.js";
import { tick } from "./desk_clock.js";
import { listen } from "./desk_events.js";
import { keys } from "./desk_keys.js";
import { Refused, failed, later, piece, root, say, send, warn } from "./desk_parts.js";
import { Composer } from "./talks_compose.js";
import { Queue } from "./talks_queue.js";
import { Talk } from "./talks_talk.js";

const work = document.querySelector("[data-work]");
let talk = null;
let opening = 0;

const queue = new Queue(work.querySelector("[data-queue]"), { current: () => talk?.id ?? null, open });

function meet() {
  const pane = work.querySelector("[data-talk]");
  talk?.leave();
  talk = pane.dataset.talk ? new Talk(pane, work.querySelector("[data-person]"), { changed: () => queue.soon(), compose }) : null;
  talk?.begin();
  tick(work);
}

function compose(form, told) {
  return new Composer(form, told);
}

// Opens a conversation without leaving the page, so that the stream goes on. A second click wins over a slow first one.
async function open(address, { push = true, focus = true } = {}) {
  const turn = ++opening;
  await talk?.composer?.draft();
  try {
    const page = await piece(address, "[data-work]", { attended: true });
    if (turn !== opening || !page) return;
    for (const part of ["[data-talk]", "[data-person]"]) work.querySelector(part).replaceWith(page.querySelector(part));
    work.classList.toggle("opened", page.classList.contains("opened"));
    if (push) history.pushState({}, "", address);
    meet();
    queue.mark();
    queue.soon();
    if (focus) talk?.focus();
  } catch (error) {
    if (turn === opening) failed(error);
  }
}

addEventListener("popstate", () => open(location.pathname + location.search, { push: false }));
addEventListener("pagehide", () => talk?.composer?.draft(true));
document.addEventListener("visibilitychange", () => talk?.look());

// Whoever signs out in mid-sentence finds it again: the draft is kept while there is a session that may keep it.
document.querySelector("form[action='/desk/sign-out']").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  await talk?.composer?.draft();
  form.submit();
});

const busy = new WeakMap();
let under = 0;

// Forms that do something to the conversation are sent without a reload; whatever refuses them says so at the top.
work.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-call]")) return;
  event.preventDefault();
  const asked = new URLSearchParams(new FormData(form)).toString();
  if (busy.has(form)) {
    // A second press says nothing new; other words than those under way go next.
    busy.get(form).again = busy.get(form).asked !== asked;
    return;
  }
  busy.set(form, { asked, again: false });
  under += 1;
  const inTalk = talk;
  warn("");
  try {
    const told = await send(form, event.submitter?.name ? { [event.submitter.name]: event.submitter.value } : {});
    const deed = form.closest("details.deed, details.reveal");
    if (deed) deed.open = false;
    if (form.action.endsWith("/claim")) here();
    if (told.said) say(told.said);
    if (told.shown) show(form.closest("[data-which]"), told.shown);
    if (told.go) await open(told.go);
    else if (!told.shown) await inTalk?.renew();
  } catch (error) {
    failed(error);
    await inTalk?.renew().catch(() => {});
  } finally {
    const { again } = busy.get(form);
    busy.delete(form);
    under -= 1;
    queue.soon();
    if (again && form.isConnected) form.requestSubmit();
  }
});

// A number that was asked for stands in the place of its mask for as long as the conversation is on the screen.
function show(place, number) {
  const shown = Object.assign(document.createElement("strong"), { textContent: number, tabIndex: -1 });
  place.replaceChildren(shown);
  place.dataset.shown = "1";
  shown.focus();
}

const presence = document.querySelector("[data-presence]");

function press(button) {
  for (const each of presence.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button));
}

// Whoever takes a conversation while they do not work is here from then on: the server says so, and so does the bar.
function here() {
  if (presence?.querySelector("[value=off][aria-pressed=true]")) press(presence.querySelector("[value=here]"));
}

presence?.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  try {
    await send(presence, { presence: button.value });
    press(button);
    say(button.textContent);
  } catch (error) {
    failed(error);
  }
});

// Somebody took the conversation away, or the right to see it: it leaves the screen, what was typed does not.
async function lose() {
  const typed = talk.composer?.field?.value ?? "";
  talk.composer?.forget();
  await open("/desk/talks", { focus: false });
  warn(root.dataset.lost);
  if (!typed.trim() || talk) return;
  const kept = work.querySelector("[data-unsent]");
  kept.hidden = false;
  work.classList.add("opened");
  kept.querySelector("textarea").value = typed;
}

// Reads anew what the stream tells of, unless another conversation was opened meanwhile. A conversation that went away by
// a deed of one's own, as by whoever hands it on, is let go of by that deed.
async function follow(deed) {
  const here = talk;
  if (!here) return;
  try {
    await deed(here);
  } catch (error) {
    const lost = error instanceof Refused && error.status === 404;
    if (here !== talk || (lost && under)) return;
    if (lost) await lose();
    else failed(error);
  }
}

const renew = () => follow((here) => here.renew());
const soon = later(50, renew);
listen((event, kind) => {
  if (kind === "mentioned") {
    called(event, talk?.id);
    return;
  }
  if (talk && event.conversation === talk.id) {
    if (kind === "line") follow((here) => here.grow());
    else if (["edited", "delivery"].includes(kind) && event.line) follow((here) => here.change(event.line));
    else soon();
  }
  if (event.conversation) queue.hear(event, kind, root.dataset.me);
}, () => {
  renew();
  queue.soon();
}, { typing: (told) => talk && told.conversation === talk.id && talk.writers.hear(told.staff) });

keys({
  j: () => queue.step(1),
  k: () => queue.step(-1),
  r: () => talk?.composer?.take(false),
  n: () => talk?.composer?.take(true),
  a: () => talk?.press("[data-key=a]"),
  e: () => talk?.press("[data-key=e]"),
  "/": () => queue.search(),
  leave: (field) => {
    field.blur();
    queue.focus();
    return true;
  },
});
meet();
root.dataset.ready = "1";

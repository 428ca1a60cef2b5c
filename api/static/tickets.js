// Requests, alive: the list and an open one refresh by themselves, and what is typed stays. Without this module forms reload the page.
import "./talks_box.js";
import { called } from "./desk_called.js";
import { tick } from "./desk_clock.js";
import { listen } from "./desk_events.js";
import { keys } from "./desk_keys.js";
import { call, count } from "./desk_notify.js";
import { failed, key, later, piece, root, say, send, warn } from "./desk_parts.js";

const WAIT = 600;
const work = document.querySelector("[data-work]");
const list = work.querySelector("[data-list]");
const ticket = work.querySelector("[data-ticket]");
const rows = () => [...work.querySelectorAll("[data-rows] a")];

function swap(page, part) {
  const [here, there] = [work.querySelector(part), page.querySelector(part)];
  if (here.isEqualNode(there) || here.querySelector("details[open]")) return;
  const focused = here.contains(document.activeElement);
  here.replaceWith(there);
  tick(there);
  if (focused) there.querySelector("h1, h2, [tabindex]")?.focus();
}

// A request that is over takes notes alone, and answers again once it was taken up. What was being typed stays, as a note:
// what colleagues alone were to read never becomes an answer.
function turn(page) {
  const [here, there] = [work, page].map((each) => each.querySelector("[data-closed]"));
  if (here.dataset.closed === there.dataset.closed) return;
  const typed = here.querySelector("textarea").value;
  here.replaceWith(there);
  there.querySelector("#note-text").value = typed;
}

let [asked, spoke] = [0, 0];

async function renew() {
  const question = (asked += 1);
  const page = await piece(location.pathname + location.search, "[data-work]");
  // A slow answer says nothing once a later one has spoken.
  if (question < spoke) return;
  spoke = question;
  if (ticket) {
    for (const part of ["[data-head]", "[data-lines]", "[data-person]"]) swap(page, part);
    turn(page);
  }
  else {
    const known = new Set(rows().map((each) => each.pathname));
    const focused = document.activeElement?.pathname;
    swap(page, "[data-rows]");
    for (const part of ["[data-nobody]", "[data-more]"]) swap(page, part);
    rows().find((each) => each.pathname === focused)?.focus();
    if (rows().some((each) => !known.has(each.pathname))) call(root.dataset.came, `tickets${location.search}`);
  }
}

work.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-call]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  warn("");
  const text = form.querySelector("textarea");
  const sent = text?.value;
  try {
    const told = await send(form);
    const deed = form.closest("details.deed");
    if (deed) deed.open = false;
    // What was typed on meanwhile stays.
    if (text && text.value === sent) text.value = "";
    const files = form.querySelector("[type=file]");
    if (files) files.value = "";
    if (form.elements.key) form.elements.key.value = key();
    if (told.said) say(told.said);
    // Whoever is quicker than the page is renewed sends again, and is heard.
    delete form.dataset.busy;
    await renew();
    const box = work.querySelector("[data-lines]");
    if (text && box) box.scrollTop = box.scrollHeight;
  } catch (error) {
    failed(error);
    delete form.dataset.busy;
    await renew().catch(() => {});
  } finally {
    delete form.dataset.busy;
  }
});

// What is too much is said before it is sent: the way there takes its time.
work.addEventListener("change", ({ target }) => {
  const limits = target.type === "file" && target.form.dataset.files;
  if (!limits) return;
  const [each, most, together] = limits.split(" ").map(Number);
  const sizes = [...target.files].map((file) => file.size);
  const much = sizes.length > most || sizes.some((size) => size > each) || sizes.reduce((sum, size) => sum + size, 0) > together;
  warn(much ? target.form.dataset.tooMuch : "");
  if (much) target.value = "";
});

const soon = later(WAIT, () => renew().catch(failed));
listen((event, kind) => {
  if (kind === "mentioned") called(event, ticket?.dataset.ticket);
  if (list ? event.ticket : event.ticket === ticket.dataset.ticket) soon();
}, soon);

function step(by) {
  const all = rows();
  const from = all.indexOf(document.activeElement);
  all[Math.min(Math.max(from + by, 0), all.length - 1)]?.focus();
}

function press(what) {
  const found = work.querySelector(what);
  if (!found) return;
  if (found.matches("summary")) {
    found.parentElement.open = true;
    found.parentElement.querySelector("textarea, button").focus();
  } else found.click();
}

keys({
  j: () => step(1),
  k: () => step(-1),
  r: () => work.querySelector("#answer-text")?.focus(),
  n: () => press("[data-key=n]"),
  a: () => press("[data-key=a]"),
  e: () => press("[data-key=e]"),
  "/": () => work.querySelector("input[type=search]")?.focus(),
  leave: (field) => {
    field.blur();
    return true;
  },
});
const box = work.querySelector("[data-lines]");
if (box && !location.hash) box.scrollTop = box.scrollHeight;
count(0);
root.dataset.ready = "1";

import * as api from "./api.js";
import { attachFiles } from "./attach.js";
import { attachTheme } from "./theme.js";
import { byId, el, icon, isTouch, safeLink } from "./dom.js";
import { chatMenu, messageMenu } from "./actions.js";
import { Composer } from "./composer.js";
import { Feed } from "./feed.js";
import { Head } from "./head.js";
import { People } from "./people.js";
import { ReplyKeyboard } from "./keyboard.js";
import { Session } from "./session.js";

const session = new Session();
const shell = byId("shell");
const nameOf = (message) => (message.from === "person" ? session.person?.name ?? "Вы" : session.chat?.bot.name ?? "Бот");
const composer = new Composer(session, nameOf);
const feed = new Feed({ session, nameOf, menu: (messages, at) => messageMenu(messages, session, composer, at) });
const keyboard = new ReplyKeyboard(byId("reply-keyboard"), byId("keyboard-toggle"), session);
const head = new Head(session, feed);
const people = new People(session, (id) => session.chatOf(id), (id) => {
  shell.dataset.screen = "chat";
  if (id === session.person?.id && !isTouch()) byId("composer").focus();
  session.open(id);
});
let desk = null;

function renderEmpty() {
  const { chat } = session;
  const empty = byId("empty");
  empty.hidden = !chat.loaded || chat.messages.length > 0 || chat.blocked;
  const words = chat.bot.description || "Здесь пока пусто. Нажмите «Начать», и бот поздоровается.";
  const shown = `${chat.bot.name}\n${words}`;
  if (empty.hidden || empty.dataset.shown === shown) return;
  empty.dataset.shown = shown;
  empty.replaceChildren(el("div", { class: "welcome" },
    el("span", { class: "avatar bot big", "aria-hidden": "true" }, icon("bot")),
    el("h3", {}, chat.bot.name),
    el("p", { class: "soft", dir: "auto" }, words),
    el("button", { class: "solid wide", id: "start", type: "button", onclick: () => session.start("") }, "Начать")));
}

function renderAll(change) {
  const { chat } = session;
  feed.render(chat, change);
  byId("chat").setAttribute("aria-busy", String(!chat.loaded));
  keyboard.render();
  composer.refresh();
  renderEmpty();
  head.render();
  people.render();
}

session.addEventListener("opened", () => {
  history.replaceState(null, "", `#${session.person.id}`);
  byId("chat").setAttribute("aria-labelledby", `person-${session.person.id}`);
  feed.clear();
  composer.swap();
  renderAll({ initial: true, fresh: [] });
});
session.addEventListener("changed", (event) => renderAll(event.detail));
session.addEventListener("people", () => {
  people.render();
  head.render();
});
session.addEventListener("link", (event) => head.link(event.detail));

byId("back").addEventListener("click", () => {
  shell.dataset.screen = "people";
  byId(`person-${session.person?.id}`)?.focus();
});
byId("chat-menu").addEventListener("click", (event) => { if (session.chat) chatMenu(session, desk, event.currentTarget); });
byId("unblock").addEventListener("click", () => session.unblock());
byId("retry").addEventListener("click", () => session.retry());
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("composer").focus();
});
window.addEventListener("hashchange", () => {
  shell.dataset.screen = "chat";
  session.open(Number(location.hash.slice(1)));
});

attachTheme(byId("theme"));
attachFiles(session, () => composer.answered());
// The desk's address is set by whoever runs the playground; without it the link stays hidden.
api.config().then((answer) => {
  desk = safeLink(answer?.desk_url);
  for (const link of document.querySelectorAll("[data-desk]")) {
    link.hidden = !desk;
    if (desk) link.href = desk;
  }
}, () => {});

const preferred = Number(location.hash.slice(1));
if (preferred) shell.dataset.screen = "chat";
session.begin(preferred);

import { byId, el } from "./dom.js";
import { initials, plural, summary } from "./format.js";
import { ask, toast } from "./overlay.js";

const LANGUAGES = [["ru", "русский"], ["en", "английский"], ["kk", "казахский"], ["de", "немецкий"]];

function describe(person, chat) {
  const language = Object.fromEntries(LANGUAGES)[person.language] ?? person.language;
  if (person.blocked) return "бот заблокирован";
  const last = chat?.messages.at(-1);
  return last ? `${last.from === "person" ? "Вы: " : ""}${summary(last)}` : language;
}

/** The people as vertical tabs: arrows move, the open one is selected. */
export class People {
  constructor(session, chatOf, onOpen) {
    this.session = session;
    this.chatOf = chatOf;
    this.onOpen = onOpen;
    this.root = byId("people");
    this.root.addEventListener("keydown", (event) => this.#keys(event));
    byId("new-person").addEventListener("click", () => this.#create());
  }

  render() {
    const { people, person: open } = this.session;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.person : null;
    const known = new Map([...this.root.children].map((node) => [node.dataset.person, node]));
    const nodes = people.map((person) => {
      const selected = person.id === open?.id;
      const unread = selected ? 0 : person.unread;
      const words = describe(person, this.chatOf(person.id));
      const version = JSON.stringify([person, selected, unread, words]);
      const before = known.get(String(person.id));
      return before?.dataset.version === version ? before : this.#tab(person, selected, unread, words, version);
    });
    if (nodes.length === this.root.children.length && nodes.every((node, index) => node === this.root.children[index])) return;
    this.root.replaceChildren(...nodes);
    if (focused) this.root.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus();
  }

  #tab(person, selected, unread, words, version) {
    return el("button", {
      type: "button", role: "tab", class: "person", id: `person-${person.id}`, "data-person": person.id, "data-version": version,
      "aria-selected": String(selected), "aria-controls": "chat", tabindex: selected || !this.session.person ? "0" : "-1",
      "aria-label": [person.name, unread ? plural(unread, ["новое сообщение", "новых сообщения", "новых сообщений"]) : ""].filter(Boolean).join(", "),
      onclick: () => this.onOpen(person.id),
    },
    el("span", { class: `avatar hue-${person.id % 6}`, "aria-hidden": "true" }, initials(person.name)),
    el("span", { class: "grow person-words" },
      el("span", { class: "person-name" }, person.name, el("span", { class: "language" }, person.language)),
      el("span", { class: "soft person-last" }, words)),
    unread > 0 && el("span", { class: "badge" }, unread > 99 ? "99+" : String(unread)));
  }

  #keys(event) {
    const tabs = [...this.root.querySelectorAll("[role=tab]")];
    const here = tabs.indexOf(document.activeElement);
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: tabs.length - 1 };
    if (here < 0 || !(event.key in steps)) return;
    event.preventDefault();
    tabs[(steps[event.key] + tabs.length) % tabs.length].focus();
  }

  async #create() {
    const answer = await ask({
      title: "Новый человек",
      fields: [
        { name: "name", label: "Имя", required: true, maxlength: 64, autofocus: true, placeholder: "Ольга" },
        { name: "language", label: "Язык Telegram", options: LANGUAGES },
        { name: "phone", label: "Телефон (не обязательно)", inputmode: "tel", maxlength: 24, pattern: "\\+?[0-9 ()\\-]{7,24}", placeholder: "+7 900 000-00-00" },
        { name: "username", label: "Имя пользователя (не обязательно)", maxlength: 32, pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", placeholder: "olga", autocapitalize: "off" },
      ],
      yes: "Создать",
    });
    if (!answer?.name.trim()) return;
    const body = { name: answer.name.trim(), language: answer.language };
    if (answer.phone) body.phone = answer.phone.replace(/[^\d+]/g, "");
    if (answer.username) body.username = answer.username;
    try {
      await this.session.create(body);
      byId("shell").dataset.screen = "chat";
    } catch (error) {
      toast(error.message, "bad");
    }
  }
}

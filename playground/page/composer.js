import { byId, el, icon, isTouch } from "./dom.js";
import { Commands } from "./commands.js";
import { summary } from "./format.js";

const TALLEST = 180;

/** Where a person writes: text, reply, edit of an own message; drafts are kept for each person. */
export class Composer {
  #mode = null;
  #queue = Promise.resolve();

  constructor(session, nameOf) {
    this.session = session;
    this.nameOf = nameOf;
    this.input = byId("composer");
    this.strip = byId("strip");
    this.commands = new Commands(session, (text) => this.#pickCommand(text));
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("keydown", (event) => this.#keys(event));
    byId("composer-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** The chat of another person is open: their draft comes back. */
  swap() {
    this.#leave();
    this.input.value = this.session.chat.draft;
    this.#changed();
    if (!isTouch()) this.input.focus({ preventScroll: true });
  }

  /** The chat changed: placeholder, the blocked bar, and a message under edit that is gone. */
  refresh() {
    const { chat } = this.session;
    const { input } = this;
    byId("composer-form").hidden = chat.blocked;
    byId("unblock").hidden = !chat.blocked;
    input.placeholder = chat.keyboard?.placeholder || "Сообщение";
    if (this.#mode && !chat.get(this.#mode.message.id)) this.#leave();
    this.commands.refresh();
  }

  reply(message) {
    this.#enter({ kind: "reply", message });
  }

  /** The message that is being answered goes along with a file as well; what was chosen is used up. */
  answered() {
    const mode = this.#mode;
    if (mode?.kind !== "reply") return null;
    this.#leave();
    return mode.message.id;
  }

  edit(message) {
    this.#enter({ kind: "edit", message });
    this.input.value = message.text;
    this.#changed();
    this.input.setSelectionRange(message.text.length, message.text.length);
  }

  #enter(mode) {
    if (this.#mode?.kind === "edit") this.#leave();
    this.#mode = mode;
    const editing = mode.kind === "edit";
    this.strip.replaceChildren(
      icon(editing ? "pencil" : "reply"),
      el("div", { class: "strip-words" },
        el("b", {}, editing ? "Изменение сообщения" : `Ответ: ${this.nameOf(mode.message)}`), el("span", { class: "soft" }, summary(mode.message))),
      el("button", { type: "button", class: "icon-button", "aria-label": "Отменить", onclick: () => { this.#leave(); this.input.focus(); } }, icon("close")));
    this.strip.hidden = false;
    this.input.focus();
  }

  #leave() {
    if (this.#mode?.kind === "edit") {
      this.input.value = this.session.chat.draft;
      this.#mode = null;
      this.#changed();
    }
    this.#mode = null;
    this.strip.hidden = true;
  }

  #changed() {
    const { input } = this;
    if (this.#mode?.kind !== "edit" && this.session.chat) this.session.chat.draft = input.value;
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, TALLEST)}px`;
    const empty = input.value.trim() === "";
    byId("send").hidden = empty;
    byId("voice").hidden = !empty;
    this.commands.refresh();
  }

  #keys(event) {
    if (event.isComposing || this.commands.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !(isTouch() && !event.ctrlKey)) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#mode) {
      event.preventDefault();
      this.#leave();
    } else if (event.key === "ArrowUp" && this.input.value === "" && !this.#mode) {
      const last = this.session.chat?.lastOwnText();
      if (!last) return;
      event.preventDefault();
      this.edit(last);
    }
  }

  #pickCommand(text) {
    this.input.value = "";
    this.#changed();
    this.#later((person) => this.session.say(text, null, person), text);
    this.input.focus();
  }

  #send() {
    const text = this.input.value.trim();
    if (!text) return;
    const mode = this.#mode;
    if (mode?.kind === "edit") {
      this.#leave();
      if (text !== mode.message.text) this.#later((person) => this.session.edit(mode.message.id, text, person), text);
      return;
    }
    this.#leave();
    this.input.value = "";
    this.#changed();
    this.#later((person) => this.session.say(text, mode?.message.id, person), text);
  }

  /** Sends go one after another; what was refused returns to the composer unless something new is already there. */
  #later(act, text) {
    const { chat, person: { id } } = this.session;
    this.#queue = this.#queue.then(async () => {
      if ((await act(id)) !== null || chat.draft) return;
      chat.draft = text;
      if (chat === this.session.chat && !this.#mode) {
        this.input.value = text;
        this.#changed();
      }
    });
  }
}

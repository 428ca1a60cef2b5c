import { byId, el, icon } from "./dom.js";
import { summary } from "./format.js";

// Telegram itself forgets a chat action after five seconds.
const ACTION_STAYS = 5500;
const ACTIONS = {
  typing: "печатает…", upload_photo: "отправляет фото…", upload_document: "отправляет документ…", upload_video: "отправляет видео…",
  upload_voice: "отправляет голосовое…", record_voice: "записывает голосовое…", record_video: "записывает видео…",
  find_location: "ищет место…", choose_sticker: "выбирает стикер…",
};
const TITLE = "Площадка Медкарты";

/** The top of the chat: the bot, what it is doing, the pinned message, the lost connection, the unread count. */
export class Head {
  #timer = 0;
  #forgotten = null;

  constructor(session, feed) {
    this.session = session;
    this.pinned = byId("pinned");
    this.pinned.addEventListener("click", () => feed.show(session.chat.pinned));
  }

  render() {
    const { chat, unread } = this.session;
    document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
    byId("back-unread").hidden = unread === 0;
    byId("back-unread").textContent = unread > 99 ? "99+" : String(unread);
    byId("back").setAttribute("aria-label", unread > 0 ? `К списку людей, непрочитанных: ${unread}` : "К списку людей");
    if (!chat) return;
    byId("bot-name").textContent = chat.bot.name;
    this.#status(chat);
    this.#pin(chat);
  }

  #status(chat) {
    const status = byId("bot-status");
    const action = chat.action && this.#forgotten !== `${chat.bot.id} ${chat.seq}` ? ACTIONS[chat.action] ?? "занят…" : null;
    status.textContent = action ?? (chat.blocked ? "заблокирован" : chat.loaded ? "бот" : "загрузка…");
    status.classList.toggle("busy", Boolean(action));
    clearTimeout(this.#timer);
    if (!action) return;
    this.#timer = setTimeout(() => {
      this.#forgotten = `${chat.bot.id} ${chat.seq}`;
      this.render();
    }, ACTION_STAYS);
  }

  #pin(chat) {
    const message = chat.pinned ? chat.get(chat.pinned) : null;
    this.pinned.hidden = !message;
    if (!message) return;
    this.pinned.replaceChildren(icon("pin"),
      el("span", { class: "pinned-words" }, el("b", {}, "Закреплено"), el("span", { class: "soft" }, summary(message))));
    this.pinned.setAttribute("aria-label", `Закреплённое сообщение: ${summary(message)}`);
  }

  link({ down, seconds }) {
    byId("offline").hidden = !down;
    byId("offline-next").textContent = seconds > 1 ? `Повторю через ${seconds} с.` : "Пробую снова.";
  }
}

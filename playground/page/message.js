import { el, icon, startPayload } from "./dom.js";
import { dayName, fullTime, summary } from "./format.js";
import { renderContact, renderFile, renderMeta, renderPlace } from "./media.js";
import { renderKeyboard } from "./keyboard.js";
import { renderText } from "./entities.js";

const BARE = new Set(["sticker", "video_note"]);
const SERVICES = {
  pinned: "Бот закрепил сообщение", unpinned: "Сообщение откреплено", started: "Чат начат",
  blocked: "Бот заблокирован", unblocked: "Бот разблокирован",
};

export function renderDay(seconds) {
  return el("div", { class: "chip day" }, el("span", {}, dayName(seconds)));
}

function renderWords(message, session) {
  const words = message.text ?? message.caption;
  if (!words) return null;
  const nodes = renderText(words, message.entities ?? [], {
    command: (text) => session.say(text),
    link: (event, href) => {
      const payload = startPayload(href, session.chat.bot.username);
      if (payload === null) return;
      event.preventDefault();
      session.start(payload);
    },
  });
  return el("div", { class: "words", dir: "auto" }, nodes, renderMeta(message));
}

function renderQuote(message, context) {
  if (!message.reply_to) return null;
  const original = context.session.chat.get(message.reply_to);
  return el("button", { type: "button", class: "quote", onclick: () => context.show(message.reply_to), disabled: !original },
    el("span", { class: "quote-name" }, original ? context.nameOf(original) : "Ответ"),
    el("span", { class: "quote-words" }, original ? summary(original) : "Сообщение удалено"));
}

function renderBody(message, context) {
  const parts = [renderQuote(message, context)];
  if (message.forwarded) parts.push(el("p", { class: "forwarded" }, "Переслано"));
  if (message.file) parts.push(renderFile(message));
  if (message.contact) parts.push(renderContact(message.contact));
  if (message.location) parts.push(renderPlace(message.location, message.venue));
  parts.push(renderWords(message, context.session) ?? renderMeta(message));
  return parts;
}

function renderAlbum(messages, context) {
  const pictures = messages.every((message) => ["photo", "video"].includes(message.file?.kind));
  const captioned = messages.filter((message) => message.caption);
  // One caption belongs to the whole album; several belong to their own files.
  const shared = captioned.length === 1 ? captioned[0] : null;
  const items = messages.map((message) => el("div", { class: "album-item", "data-message-id": message.id },
    message.file && renderFile(message), message.caption && message !== shared && renderWords(message, context.session)));
  return [
    renderQuote(messages[0], context),
    el("div", { class: pictures ? `album pictures ${messages.length % 2 ? "odd" : "even"}` : "album" }, items),
    shared ? renderWords(shared, context.session) : renderMeta(messages.at(-1)),
  ];
}

/** One row of the feed: a bubble with its keyboard, an album, or a service line. */
export function renderUnit({ messages, first, last }, context) {
  const [message] = messages;
  const album = messages.length > 1;
  if (message.service) {
    return el("div", { class: "chip", "data-message-id": message.id }, el("span", {}, SERVICES[message.service] ?? message.text ?? message.service));
  }
  const mine = message.from === "person";
  const keyboard = messages.find((one) => one.keyboard?.length);
  const words = message.text ?? messages.find((one) => one.caption)?.caption;
  const bare = !album && !words && BARE.has(message.file?.kind) && message.file.mime?.startsWith("image/");
  const pictures = !bare && messages.some((one) => ["photo", "video", "animation"].includes(one.file?.kind)) || message.location;
  const names = ["row", mine ? "mine" : "theirs", first && "first", last && "last", keyboard && "keyed",
    bare && "bare", pictures && "pictured", !words && "wordless", message.protected && "protected"];
  const row = el("article", {
    class: names.filter(Boolean).join(" "), tabindex: "-1", "data-message-id": album ? null : message.id, "data-album": album ? message.media_group_id : null,
    "aria-label": `${context.nameOf(message)}, ${fullTime(message.date)}`,
  },
  el("div", { class: "stack" },
    el("div", { class: "bubble" }, album ? renderAlbum(messages, context) : renderBody(message, context)),
    keyboard && renderKeyboard(keyboard, context.session)),
  el("button", {
    type: "button", class: "more", tabindex: "-1", "aria-label": "Действия с сообщением",
    onclick: (event) => context.menu(messages, event.currentTarget),
  }, icon("dots")));
  row.addEventListener("contextmenu", (event) => {
    if (event.target.closest("a[href]") && !message.protected) return;
    if (!message.protected && String(getSelection())) return;
    event.preventDefault();
    // A menu called by the keyboard has no point of its own.
    context.menu(messages, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : row.querySelector(".bubble"));
  });
  if (message.protected) {
    for (const name of ["copy", "cut", "dragstart"]) row.addEventListener(name, (event) => event.preventDefault());
  }
  return row;
}

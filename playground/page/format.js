const TIME = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long" });
const DAY_OF_YEAR = new Intl.DateTimeFormat("ru", { day: "numeric", month: "long", year: "numeric" });
const FULL = new Intl.DateTimeFormat("ru", { dateStyle: "long", timeStyle: "medium" });
const NUMBER = new Intl.NumberFormat("ru", { maximumFractionDigits: 1 });
const PLURAL = new Intl.PluralRules("ru");

export function time(seconds) {
  return TIME.format(new Date(seconds * 1000));
}

export function fullTime(seconds) {
  return FULL.format(new Date(seconds * 1000));
}

export function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}

export function dayName(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return "Сегодня";
  if (date.toDateString() === yesterday.toDateString()) return "Вчера";
  return date.getFullYear() === now.getFullYear() ? DAY.format(date) : DAY_OF_YEAR.format(date);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} Б`;
  if (bytes < 1024 * 1024) return `${NUMBER.format(bytes / 1024)} КБ`;
  return `${NUMBER.format(bytes / 1024 / 1024)} МБ`;
}

/** forms: [одно сообщение, два сообщения, пять сообщений] without the number */
export function plural(count, [one, few, many]) {
  const form = PLURAL.select(count);
  return `${count} ${form === "one" ? one : form === "few" ? few : many}`;
}

export function duration(seconds) {
  const whole = Number.isFinite(seconds) ? Math.round(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function initials(name) {
  const letters = name.trim().split(/\s+/u).slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase() || "?";
}

export function extension(name) {
  const found = /\.([\p{L}\p{N}]{1,5})$/u.exec(name ?? "");
  return found ? found[1].toUpperCase() : "";
}

const KINDS = {
  photo: "Фото", document: "Документ", voice: "Голосовое сообщение", sticker: "Стикер",
  video: "Видео", audio: "Аудио", animation: "Анимация", video_note: "Видеосообщение",
};

/** A message in one line: for quotes, the pinned bar and the list of people. */
export function summary(message) {
  const words = message.text ?? message.caption;
  if (words) return words.replace(/\s+/gu, " ").slice(0, 160);
  if (message.file) return message.file.kind === "document" ? message.file.name ?? KINDS.document : KINDS[message.file.kind] ?? "Файл";
  if (message.contact) return "Контакт";
  if (message.venue) return `Место: ${message.venue.title}`;
  if (message.location) return "Геопозиция";
  return "Сообщение";
}

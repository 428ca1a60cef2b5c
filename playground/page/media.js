import { el, icon, safeLink } from "./dom.js";
import { duration, extension, size, time } from "./format.js";
import { openLightbox } from "./lightbox.js";

const LARGEST = { width: 320, height: 360 };

/** The size a picture takes in its bubble, known before it loads, so that the feed does not jump. */
function reserve(node, file) {
  if (!file.width || !file.height) return;
  const scale = Math.min(1, LARGEST.width / file.width, LARGEST.height / file.height);
  node.style.width = `${Math.max(120, Math.round(file.width * scale))}px`;
  node.style.aspectRatio = `${file.width} / ${file.height}`;
}

function photo(message, label) {
  const { file } = message;
  const button = el("button", {
    type: "button", class: "photo", "aria-label": label, "data-photo": file.url,
    onclick: () => openLightbox(button),
  }, el("img", { src: file.url, alt: "", draggable: message.protected ? "false" : null, decoding: "async" }));
  button.dataset.protected = message.protected ? "yes" : "";
  button.dataset.caption = message.caption ?? "";
  reserve(button, file);
  return button;
}

function card(message) {
  const { file } = message;
  const kind = extension(file.name) || (file.mime ?? "").split("/").pop()?.toUpperCase().slice(0, 5) || "";
  const name = file.name || "Документ";
  return el("a", {
    class: "file-card", href: safeLink(file.url), target: "_blank", rel: "noopener", "data-file": name,
    "aria-label": `Открыть документ ${name}, ${size(file.size ?? 0)}`,
  },
  el("span", { class: `file-kind kind-${/^(PDF|JPE?G|PNG)$/.test(kind) ? kind.toLowerCase() : "other"}`, "aria-hidden": "true" }, kind ? kind : icon("file")),
  el("span", { class: "file-words" },
    el("span", { class: "file-name" }, name),
    el("span", { class: "soft" }, size(file.size ?? 0), kind && ` · ${kind}`)));
}

function player(message) {
  const audio = el("audio", { src: message.file.url, preload: "metadata" });
  const line = el("progress", { max: "1", value: "0", "aria-label": "Прослушано" });
  const clock = el("span", { class: "soft" }, "0:00");
  const button = el("button", {
    type: "button", class: "play", "aria-label": "Слушать",
    onclick: () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()),
  }, icon("play"));
  const show = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    button.setAttribute("aria-label", audio.paused ? "Слушать" : "Остановить");
  };
  audio.addEventListener("play", show);
  audio.addEventListener("pause", show);
  audio.addEventListener("loadedmetadata", () => { clock.textContent = duration(audio.duration); });
  audio.addEventListener("timeupdate", () => {
    line.value = audio.duration ? audio.currentTime / audio.duration : 0;
    clock.textContent = duration(audio.paused ? audio.duration : audio.currentTime);
  });
  return el("div", { class: "player" }, button, el("div", { class: "player-line" }, line, clock), audio);
}

/** The file of one message. Unknown kinds are shown as a document: what arrived can always be opened. */
export function renderFile(message) {
  const { file } = message;
  if (!file.url) return el("div", { class: "file-card" }, icon("file"), file.name || "Файл");
  const mime = file.mime ?? "";
  switch (file.kind) {
    case "photo": return photo(message, message.caption ? `Открыть фото: ${message.caption}` : "Открыть фото");
    case "sticker": return mime.startsWith("image/") ? el("img", { class: "sticker", src: file.url, alt: "Стикер", draggable: "false" }) : card(message);
    case "voice": case "audio": return player(message);
    case "video": case "video_note": case "animation": {
      if (mime.startsWith("image/")) return photo(message, "Открыть анимацию");
      const video = el("video", { class: "video", src: file.url, controls: true, preload: "metadata", playsinline: true });
      reserve(video, file);
      return video;
    }
    default: return card(message);
  }
}

export function renderContact({ phone_number: phone, first_name: name }) {
  const digits = String(phone ?? "").replace(/[^\d+]/g, "");
  return el("div", { class: "contact" },
    el("span", { class: "avatar", "aria-hidden": "true" }, icon("person")),
    el("span", { class: "file-words" },
      el("span", { class: "file-name" }, name || "Контакт"),
      el("a", { href: `tel:${digits}` }, digits.startsWith("+") ? digits : `+${digits}`)));
}

export function renderPlace({ latitude, longitude }, venue) {
  const words = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = el("div", { class: "place", role: "img", "aria-label": `Геопозиция ${words}` },
    el("span", { class: "place-pin" }, icon("place")), el("span", { class: "place-words" }, words));
  if (!venue) return map;
  return el("div", { class: "venue" }, map,
    el("b", { class: "venue-title" }, venue.title), el("span", { class: "venue-address soft" }, venue.address));
}

/** Time, the "edited" mark and the lock of protected content. */
export function renderMeta(message) {
  return el("span", { class: "meta" },
    message.protected && el("span", { class: "lock", title: "Защищено: нельзя копировать и пересылать", role: "img", "aria-label": "Защищено от копирования" }, icon("lock")),
    message.edited && el("span", { title: `Изменено в ${time(message.edited)}` }, "изменено"),
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, time(message.date)));
}

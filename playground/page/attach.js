import { byId, el, icon } from "./dom.js";
import { size } from "./format.js";
import { offerContact, offerPlace } from "./keyboard.js";
import { openMenu, sheet, toast } from "./overlay.js";

const LARGEST = 50 * 1024 * 1024;
const PICTURES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"]);

async function sendSample(session, name, type, as, answered) {
  const address = new URL(`./samples/${name}`, import.meta.url);
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(String(answer.status));
    await session.upload([new File([await answer.arrayBuffer()], name, { type })], as, "", answered());
  } catch {
    toast("Пример не загрузился", "bad");
  }
}

function preview(file, asPicture, onRemove) {
  const row = el("li", {});
  if (asPicture && PICTURES.has(file.type)) {
    const address = URL.createObjectURL(file);
    row.append(el("img", { src: address, alt: "", onload: () => URL.revokeObjectURL(address), onerror: () => URL.revokeObjectURL(address) }));
  } else row.append(el("span", { class: "file-kind kind-other" }, icon(file.type.startsWith("image/") ? "photo" : "file")));
  row.append(
    el("span", { class: "file-words" }, el("span", { class: "file-name" }, file.name), el("span", { class: "soft" }, size(file.size))),
    el("button", { type: "button", class: "icon-button", "aria-label": `Убрать ${file.name}`, onclick: onRemove }, icon("close")));
  return row;
}

/** The sheet before sending: what goes, as a photo or as a file, and a caption. */
async function offerFiles(session, picked, asPhoto, answered) {
  let files = picked.filter((file) => {
    if (file.size > LARGEST) toast(`${file.name}: больше 50 МБ Telegram не примет`, "bad");
    return file.size <= LARGEST;
  });
  if (files.length === 0) return;
  const moving = files.every((file) => file.type.startsWith("video/"));
  const pictures = files.every((file) => PICTURES.has(file.type));
  const compress = el("input", { type: "checkbox", id: "as-photo" });
  compress.checked = asPhoto && (pictures || moving);
  const caption = el("input", { id: "caption", placeholder: "Подпись", "aria-label": "Подпись", maxlength: 1024, autocomplete: "off", autofocus: true });
  const list = el("ul", { class: "picked" });
  const sent = await sheet("Отправка файлов", "sheet", (close) => {
    const title = el("h2", {});
    const draw = () => {
      if (files.length === 0) close("");
      title.textContent = files.length === 1 ? "Отправить файл" : `Отправить файлы: ${files.length}`;
      list.replaceChildren(...files.map((file) => preview(file, compress.checked, () => { files = files.filter((one) => one !== file); draw(); })));
    };
    compress.addEventListener("change", draw);
    draw();
    return [el("form", { method: "dialog" }, title, list,
      (pictures || moving) && el("label", { class: "switch", for: "as-photo" }, compress, moving ? "Как видео" : "Как фото, со сжатием"),
      caption,
      el("div", { class: "row-end" },
        el("button", { class: "plain", type: "button", onclick: () => close("") }, "Отмена"),
        el("button", { class: "solid", value: "send", id: "send-files" }, "Отправить")))];
  });
  if (sent !== "send") return;
  const as = !compress.checked ? "document" : moving ? "video" : "photo";
  await session.upload(files, as, caption.value.trim(), answered());
}

/** The paper clip, the microphone, drag and drop, and paste. */
export function attachFiles(session, answered) {
  const pickers = [["pick-photo", true], ["pick-file", false]];
  for (const [id, asPhoto] of pickers) {
    const input = byId(id);
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      await offerFiles(session, files, asPhoto, answered);
    });
  }
  const voice = () => sendSample(session, "voice.ogg", "audio/ogg", "voice", answered);
  byId("voice").addEventListener("click", voice);
  byId("attach").addEventListener("click", (event) => openMenu([
    { label: "Фото или видео", icon: "photo", act: () => byId("pick-photo").click() },
    { label: "Файл", icon: "file", act: () => byId("pick-file").click() },
    null,
    { label: "Мой номер телефона", icon: "person", act: () => offerContact(session) },
    { label: "Геопозиция (пример)", icon: "place", act: () => offerPlace(session) },
    { label: "Голосовое (пример)", icon: "mic", act: voice },
    { label: "Стикер (пример)", icon: "sticker", act: () => sendSample(session, "sticker.webp", "image/webp", "sticker", answered) },
  ], event.currentTarget));
  byId("composer").addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    offerFiles(session, files, true, answered);
  });
  attachDrop(session, answered);
}

function attachDrop(session, answered) {
  const area = byId("chat");
  const sign = byId("drop");
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && !session.chat?.blocked;
  area.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  area.addEventListener("dragleave", (event) => { if (!area.contains(event.relatedTarget)) sign.hidden = true; });
  area.addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    offerFiles(session, [...event.dataTransfer.files], true, answered);
  });
}

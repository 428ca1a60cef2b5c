import { el, icon } from "./dom.js";
import { sheet } from "./overlay.js";

/** Show the tapped picture large, with its neighbours in the feed by arrow keys. */
export function openLightbox(opened) {
  const all = [...document.querySelectorAll("#feed [data-photo]")];
  let at = all.indexOf(opened);
  const image = el("img", { alt: "Фото", onclick: () => image.classList.toggle("full") });
  const words = el("p", { class: "lightbox-words" });
  const original = el("a", { class: "icon-button", target: "_blank", rel: "noopener", "aria-label": "Открыть в новой вкладке", title: "Открыть в новой вкладке" }, "↗");
  const before = el("button", { type: "button", class: "icon-button turn before", "aria-label": "Предыдущее фото", onclick: () => turn(-1) }, icon("back"));
  const after = el("button", { type: "button", class: "icon-button turn after", "aria-label": "Следующее фото", onclick: () => turn(1) }, icon("next"));

  function turn(step) {
    at = Math.max(0, Math.min(all.length - 1, at + step));
    const { photo, caption, protected: guarded } = all[at].dataset;
    image.classList.remove("full");
    image.src = photo;
    image.alt = caption || "Фото";
    image.draggable = !guarded;
    words.textContent = caption;
    words.hidden = !caption;
    original.hidden = Boolean(guarded);
    original.href = photo;
    before.hidden = at === 0;
    after.hidden = at === all.length - 1;
  }

  turn(0);
  return sheet("Просмотр фото", "lightbox", (close, dialog) => {
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") turn(-1);
      if (event.key === "ArrowRight") turn(1);
    });
    dialog.addEventListener("contextmenu", (event) => { if (all[at].dataset.protected) event.preventDefault(); });
    return [
      el("div", { class: "lightbox-head" }, original,
        el("button", { type: "button", class: "icon-button", "aria-label": "Закрыть", autofocus: true, onclick: () => close() }, icon("close"))),
      el("div", { class: "lightbox-stage", onclick: (event) => { if (event.target === event.currentTarget) close(); } }, before, image, after),
      words,
    ];
  });
}

import { byId, el, icon, safeLink } from "./dom.js";

const TOAST_STAYS = 4500;

/** A short word at the bottom that leaves by itself. tone: "bad" for refusals. */
export function toast(words, tone = "calm") {
  const note = el("div", { class: `toast ${tone}` }, words);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_STAYS);
}

/** Open a modal dialog; resolves with its return value: "" when dismissed by Escape or the backdrop. */
function open(dialog) {
  document.body.append(dialog);
  const before = document.activeElement;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const value = dialog.returnValue;
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve(value);
    });
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(""); });
    dialog.showModal();
  });
}

/** A callback answer shown as an alert: stays until it is read. */
export function showAlert(words, title, url = null) {
  const href = safeLink(url);
  const dialog = el("dialog", { class: "sheet", role: "alertdialog", "aria-labelledby": "alert-title", "aria-describedby": "alert-text" },
    el("form", { method: "dialog" },
      el("h2", { id: "alert-title" }, title),
      el("p", { id: "alert-text", class: "words" }, words || "Бот предлагает открыть ссылку."),
      href && el("p", {}, el("a", { href, target: "_blank", rel: "noopener noreferrer" }, url, " ↗")),
      el("div", { class: "row-end" }, el("button", { class: "solid", value: "ok", autofocus: true }, "Понятно")),
    ));
  return open(dialog);
}

/** Ask yes or no. Resolves true when agreed. */
export async function confirm({ title, words, yes, danger = false }) {
  const dialog = el("dialog", { class: "sheet", role: "alertdialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    el("form", { method: "dialog" },
      el("h2", { id: "confirm-title" }, title),
      el("p", { id: "confirm-text", class: "words" }, words),
      el("div", { class: "row-end" },
        el("button", { class: "plain", value: "" }, "Отмена"),
        el("button", { class: danger ? "solid danger" : "solid", value: "yes", autofocus: true }, yes),
      ),
    ));
  return (await open(dialog)) === "yes";
}

function field({ name, label, hint, options, ...attributes }) {
  const input = options
    ? el("select", { name, id: `field-${name}` }, options.map(([value, words]) => el("option", { value }, words)))
    : el("input", { name, id: `field-${name}`, "aria-describedby": hint ? `hint-${name}` : null, ...attributes });
  return el("p", { class: "field" },
    el("label", { for: `field-${name}` }, label), input,
    hint && el("span", { class: "soft", id: `hint-${name}` }, hint));
}

/** A small form. fields: [{name, label, hint?, options?, …input attributes}]. Resolves {name: value} or null. */
export async function ask({ title, fields, yes }) {
  const form = el("form", { method: "dialog" },
    el("h2", { id: "ask-title" }, title),
    fields.map(field),
    el("div", { class: "row-end" },
      el("button", { class: "plain", type: "button", onclick: () => dialog.close("") }, "Отмена"),
      el("button", { class: "solid", value: "yes" }, yes),
    ));
  const dialog = el("dialog", { class: "sheet", "aria-labelledby": "ask-title" }, form);
  const answer = await open(dialog);
  return answer === "yes" ? Object.fromEntries(new FormData(form)) : null;
}

/** Any content in a modal sheet with a close cross; `build(close)` gives the content. Resolves the value given to close. */
export function sheet(label, className, build) {
  const dialog = el("dialog", { class: className, "aria-label": label });
  dialog.append(...build((value = "") => dialog.close(value), dialog));
  return open(dialog);
}

/** A menu at a point or under a button. items: [{label, icon, danger?, hint?, act}] with null for a line. */
export function openMenu(items, at) {
  document.querySelector(".menu")?.hidePopover();
  const before = document.activeElement;
  const menu = el("div", { class: "menu", role: "menu", popover: "auto" });
  for (const item of items) {
    menu.append(item === null ? el("hr") : el("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : null,
      onclick: () => { menu.hidePopover(); item.act(); },
    }, icon(item.icon), item.label));
  }
  const entries = [...menu.querySelectorAll("[role=menuitem]")];
  menu.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const here = entries.indexOf(document.activeElement);
    if (event.key in steps) entries.at((here + steps[event.key] + entries.length) % entries.length).focus();
    else if (event.key === "Home") entries[0].focus();
    else if (event.key === "End") entries.at(-1).focus();
    else if (event.key === "Tab") menu.hidePopover();
    else return;
    event.preventDefault();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) before?.focus?.({ preventScroll: true });
    menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  const box = menu.getBoundingClientRect();
  const place = at.getBoundingClientRect ? at.getBoundingClientRect() : { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const below = place.bottom + box.height + 12 < innerHeight;
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - box.width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? place.bottom + 4 : place.top - box.height - 4)}px`;
  entries[0]?.focus();
}

/** Copy and say so. */
export async function copy(words, said = "Скопировано") {
  try {
    await navigator.clipboard.writeText(words);
    toast(said);
  } catch {
    toast("Браузер не дал скопировать", "bad");
  }
}

import { el, icon, safeLink, startPayload } from "./dom.js";
import { confirm, copy } from "./overlay.js";

const STYLES = new Set(["primary", "danger", "success"]);

/** The inline keyboard under a bubble. */
export function renderKeyboard(message, session) {
  return el("div", { class: "keyboard", role: "group", "aria-label": "Кнопки сообщения" },
    message.keyboard.map((row) => el("div", { class: "keyboard-row" }, row.map((button) => renderButton(message, button, session)))));
}

function renderButton(message, button, session) {
  const style = STYLES.has(button.style) ? button.style : "";
  if (button.url && !button.disabled) return linkButton(button, style, session);
  const node = el("button", {
    type: "button", class: `key ${style}`, "data-button": button.text, disabled: Boolean(button.disabled),
    title: button.copy_text ? "Скопировать" : null,
  }, el("span", {}, button.text), button.copy_text && icon("copy"));
  node.addEventListener("click", async () => {
    if (button.copy_text) {
      await copy(button.copy_text);
      return;
    }
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    await session.tap(message.id, button);
    node.removeAttribute("aria-busy");
  });
  return node;
}

function linkButton(button, style, session) {
  const payload = startPayload(button.url, session.chat.bot.username);
  if (payload !== null) {
    return el("button", { type: "button", class: `key ${style}`, "data-button": button.text, onclick: () => session.start(payload) }, el("span", {}, button.text));
  }
  const href = safeLink(button.url);
  if (!href) return el("button", { type: "button", class: "key", "data-button": button.text, disabled: true, title: "Такую ссылку открыть нельзя" }, button.text);
  return el("a", { class: `key ${style}`, "data-button": button.text, href, target: "_blank", rel: "noopener", title: button.url },
    el("span", {}, button.text), el("span", { class: "away", "aria-label": "откроется в новой вкладке" }, "↗"));
}

export async function offerContact(session) {
  const agreed = await confirm({
    title: "Поделиться номером?",
    words: `${session.chat.bot.name} увидит ваш номер телефона.`,
    yes: "Поделиться",
  });
  if (agreed) await session.contact();
  return agreed;
}

// Red Square: a place anybody recognises and nobody lives at.
export const SAMPLE_PLACE = { latitude: 55.75393, longitude: 37.62079 };

export async function offerPlace(session) {
  const agreed = await confirm({
    title: "Отправить геопозицию?",
    words: "Уйдёт точка-пример: Москва, Красная площадь. Настоящее местоположение не запрашивается.",
    yes: "Отправить",
  });
  if (agreed) await session.place(SAMPLE_PLACE.latitude, SAMPLE_PLACE.longitude);
  return agreed;
}

/** The reply keyboard at the bottom and the button that folds it. */
export class ReplyKeyboard {
  constructor(root, toggle, session) {
    this.root = root;
    this.toggle = toggle;
    this.session = session;
    this.shown = null;
    toggle.addEventListener("click", () => {
      session.chat.keyboardHidden = !session.chat.keyboardHidden;
      this.render();
    });
  }

  render() {
    const { chat } = this.session;
    const keyboard = chat?.blocked ? null : chat?.keyboard ?? null;
    const hidden = !keyboard || chat.keyboardHidden;
    this.toggle.hidden = !keyboard;
    this.toggle.setAttribute("aria-expanded", String(!hidden));
    this.toggle.setAttribute("aria-label", hidden ? "Показать кнопки бота" : "Спрятать кнопки бота");
    this.root.hidden = hidden;
    const version = JSON.stringify(keyboard);
    if (version === this.shown) return;
    this.shown = version;
    this.root.classList.toggle("tall", Boolean(keyboard && !keyboard.resize));
    this.root.replaceChildren(...(keyboard?.rows ?? []).map((row) => el("div", { class: "keyboard-row" }, row.map((button) => el("button", {
      type: "button", class: "reply-key", "data-button": button.text, onclick: () => this.#press(button),
    }, button.request_contact && icon("person"), button.request_location && icon("place"), el("span", {}, button.text))))));
  }

  async #press(button) {
    const { session } = this;
    const { chat } = session;
    const once = chat.keyboard?.one_time;
    const done = button.request_contact ? await offerContact(session)
      : button.request_location ? await offerPlace(session)
        : await session.say(button.text);
    if (done && once) {
      chat.keyboardHidden = true;
      this.render();
    }
  }
}

import { byId, isTouch, prefersStill } from "./dom.js";
import { dayKey } from "./format.js";
import { renderDay, renderUnit } from "./message.js";

// Messages of one side this close together (seconds) stand as one group with one tail.
const TOGETHER = 300;
const NEAR_BOTTOM = 80;

/** Rows of the feed in order: days, albums, single messages. */
function unitsOf(chat) {
  const units = [];
  let day = null;
  for (const message of chat.messages) {
    const key = dayKey(message.date);
    if (key !== day) units.push({ key: `day ${key}`, day: message.date });
    day = key;
    const before = units.at(-1);
    if (message.media_group_id && before.group === message.media_group_id && before.from === message.from) {
      before.messages.push(message);
      continue;
    }
    units.push({ key: `message ${message.id}`, group: message.media_group_id, from: message.from, messages: [message] });
  }
  units.forEach((unit, index) => {
    if (!unit.messages) return;
    unit.first = !together(units[index - 1], unit);
    unit.last = !together(unit, units[index + 1]);
  });
  return units;
}

function together(a, b) {
  if (!a?.messages || !b?.messages || a.messages[0].service || b.messages[0].service) return false;
  return a.from === b.from && b.messages[0].date - a.messages.at(-1).date < TOGETHER;
}

function versionOf(unit, chat) {
  if (!unit.messages) return "day";
  const quoted = unit.messages[0].reply_to;
  return [unit.first, unit.last, ...unit.messages.map((one) => `${one.id}.${chat.version(one.id)}`), quoted ? chat.version(quoted) : ""].join("|");
}

function callMenu(row, clientX, clientY) {
  row.dispatchEvent(new MouseEvent("contextmenu", { clientX, clientY, cancelable: true }));
}

export class Feed {
  #rows = new Map();
  #stuck = true;
  #below = 0;
  #seen = { top: 0, height: 0, room: 0 };

  constructor(context) {
    this.root = byId("feed");
    this.context = { ...context, show: (id) => this.show(id) };
    this.arrow = byId("to-bottom");
    this.badge = byId("below");
    this.root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.root.addEventListener("keydown", (event) => this.#keys(event));
    this.root.addEventListener("click", (event) => this.#touched(event));
    for (const name of ["load", "loadedmetadata"]) this.root.addEventListener(name, () => this.#hold(), true);
    this.arrow.addEventListener("click", () => this.toBottom(!prefersStill()));
    new ResizeObserver(() => this.#hold()).observe(this.root);
  }

  /** Another person's chat: everything anew. */
  clear() {
    this.#rows.clear();
    this.root.replaceChildren();
    this.root.setAttribute("aria-live", "off");
    this.#stuck = true;
    this.#below = 0;
    this.#badge();
  }

  render(chat, { initial, fresh }) {
    const news = new Set(fresh.map((message) => message.id));
    const seen = new Set();
    let cursor = this.root.firstElementChild;
    for (const unit of unitsOf(chat)) {
      seen.add(unit.key);
      const version = versionOf(unit, chat);
      let row = this.#rows.get(unit.key);
      if (row?.version !== version) {
        const node = unit.messages ? renderUnit(unit, this.context) : renderDay(unit.day);
        if (row) {
          if (cursor === row.node) cursor = node;
          this.#replace(row.node, node);
        } else if (unit.messages?.some((message) => news.has(message.id))) node.classList.add("fresh");
        row = { node, version };
        this.#rows.set(unit.key, row);
      }
      if (row.node === cursor) cursor = cursor.nextElementSibling;
      else this.root.insertBefore(row.node, cursor);
    }
    for (const [key, row] of this.#rows) {
      if (seen.has(key)) continue;
      if (row.node.contains(document.activeElement)) byId("composer").focus();
      row.node.remove();
      this.#rows.delete(key);
    }
    this.#settle(initial, fresh);
  }

  #settle(initial, fresh) {
    if (initial || this.#stuck || fresh.some((message) => message.from === "person")) this.toBottom(false);
    else this.#below += fresh.length;
    this.#badge();
    // The first load is history: only what comes later is read aloud.
    if (initial) setTimeout(() => this.root.setAttribute("aria-live", "polite"), 500);
  }

  /** An edit rebuilds the row; a keyboard user stays on the same button, or on the first one that took its place. */
  #replace(old, node) {
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const name = active?.dataset.button;
    old.replaceWith(node);
    if (!active) return;
    const buttons = [...node.querySelectorAll("[data-button]:not(:disabled)")];
    (buttons.find((button) => button.dataset.button === name) ?? (name === undefined ? node : buttons[0]) ?? node).focus({ preventScroll: true });
  }

  toBottom(smooth) {
    this.#stuck = true;
    this.#below = 0;
    this.#seen = { top: 0, height: 0, room: 0 };
    this.root.scrollTo({ top: this.root.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.#badge();
  }

  show(id) {
    const node = this.root.querySelector(`[data-message-id="${Number(id)}"]`);
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: prefersStill() ? "instant" : "smooth" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
    (node.closest("article") ?? node).focus({ preventScroll: true });
  }

  #distance() {
    return this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight;
  }

  /** Only a scroll upwards by hand lets go of the bottom; a feed that grew or a keyboard that took its room does not. */
  #scrolled() {
    const { scrollTop: top, scrollHeight: height, clientHeight: room } = this.root;
    const byHand = height === this.#seen.height && room === this.#seen.room && top < this.#seen.top;
    this.#seen = { top, height, room };
    if (this.#distance() < NEAR_BOTTOM) this.#stuck = true;
    else if (byHand) this.#stuck = false;
    if (this.#stuck) this.#below = 0;
    this.#badge();
  }

  #hold() {
    if (this.#stuck) this.root.scrollTo({ top: this.root.scrollHeight, behavior: "instant" });
  }

  #badge() {
    this.arrow.hidden = this.#stuck;
    this.badge.hidden = this.#below === 0;
    this.badge.textContent = String(this.#below);
  }

  /** Up and down walk through the messages, Enter opens the actions of the one in focus. */
  #keys(event) {
    const rows = [...this.root.querySelectorAll("article")];
    const here = rows.indexOf(event.target);
    if (here < 0 && event.target !== this.root) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = here < 0 ? rows.at(-1) : rows[here + (event.key === "ArrowUp" ? -1 : 1)];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "End") this.toBottom(false);
    else if (event.key === "Enter" && here >= 0) callMenu(rows[here], 0, 0);
    else return;
    event.preventDefault();
  }

  /** On a phone a tap on the bubble itself opens its actions, as there is no right button to press. */
  #touched(event) {
    if (!isTouch() || event.target.closest("button, a, audio, video, [role=button], pre") || String(getSelection())) return;
    const bubble = event.target.closest(".bubble");
    if (bubble) callMenu(bubble.closest("article"), event.clientX, event.clientY);
  }
}

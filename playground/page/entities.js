import { el, safeLink } from "./dom.js";

// A quotation longer than this folds itself when the bot marked it expandable.
const FOLD_LINES = 3;
const FOLD_LETTERS = 150;

/**
 * Text with entities as DOM nodes: never markup. Offsets are UTF-16 units, which is what JavaScript strings count in.
 * Entities may nest; one that crosses another's end is cut there and goes on behind it.
 * `on` = {command(text), link(event, href)}.
 */
export function renderText(text, entities, on) {
  const sorted = entities
    .map((entity) => ({ ...entity, end: Math.min(entity.offset + entity.length, text.length) }))
    .filter((entity) => entity.end > entity.offset && entity.offset >= 0)
    .sort((a, b) => a.offset - b.offset || b.end - a.end);
  return grow(text, sorted, 0, text.length, on);
}

const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);

function grow(text, entities, start, end, on) {
  const nodes = [];
  const queue = [...entities];
  let position = start;
  while (queue.length > 0) {
    const entity = queue.shift();
    if (entity.offset >= end) break;
    const from = Math.max(entity.offset, position);
    const to = Math.min(entity.end, end);
    if (to <= from) continue;
    if (from > position) nodes.push(text.slice(position, from));
    const inside = [];
    const rest = [];
    for (const other of queue) {
      if (other.offset >= to) rest.push(other);
      else {
        inside.push(other);
        if (other.end > to) rest.push({ ...other, offset: to });
      }
    }
    queue.splice(0, queue.length, ...rest.sort((a, b) => a.offset - b.offset || b.end - a.end));
    nodes.push(wrap(entity, text.slice(from, to), grow(text, inside, from, to, on), on));
    // A block ends its line: as in Telegram, the newline that follows is part of that end, not an empty line.
    position = BLOCKS.has(entity.type) && to < end && text[to] === "\n" ? to + 1 : to;
  }
  if (position < end) nodes.push(text.slice(position, end));
  return nodes;
}

function wrap(entity, words, children, on) {
  switch (entity.type) {
    case "bold": return el("strong", {}, children);
    case "italic": return el("em", {}, children);
    case "underline": return el("u", {}, children);
    case "strikethrough": return el("s", {}, children);
    case "code": return el("code", {}, children);
    case "pre": return el("pre", { tabindex: "0", "data-language": entity.language }, el("code", {}, children));
    case "spoiler": return spoiler(children);
    case "blockquote": return el("blockquote", {}, children);
    case "expandable_blockquote": return folding(words, children);
    case "bot_command": return el("button", { type: "button", class: "link", "data-command": words, onclick: () => on.command(words) }, children);
    case "url": return link(words, children, on);
    case "text_link": return link(entity.url, children, on, entity.url);
    case "email": return link(`mailto:${words}`, children, on);
    case "phone_number": return link(`tel:${words.replace(/[^\d+]/g, "")}`, children, on);
    case "mention": case "hashtag": case "cashtag": case "text_mention": return el("span", { class: "mention" }, children);
    default: return el("span", {}, children);
  }
}

function link(address, children, on, title = null) {
  const href = safeLink(address);
  if (!href) return el("span", {}, children);
  return el("a", { href, title, target: "_blank", rel: "noopener noreferrer", onclick: (event) => on.link(event, href) }, children);
}

function spoiler(children) {
  const node = el("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Скрытый текст. Показать" }, el("span", {}, children));
  const reveal = (event) => {
    if (node.classList.contains("open")) return;
    event.preventDefault();
    event.stopPropagation();
    node.classList.add("open");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  // Captured, so that a link under the cover is not followed by the tap that lifts it.
  node.addEventListener("click", reveal, { capture: true });
  node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") reveal(event); }, { capture: true });
  return node;
}

function folding(words, children) {
  if (words.length <= FOLD_LETTERS && words.split("\n").length <= FOLD_LINES) return el("blockquote", {}, children);
  const inner = el("div", { class: "fold" }, children);
  const button = el("button", {
    type: "button", class: "link unfold", "aria-expanded": "false",
    onclick: () => {
      const open = inner.classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
      button.textContent = open ? "Свернуть" : "Показать всё";
    },
  }, "Показать всё");
  return el("blockquote", {}, inner, button);
}

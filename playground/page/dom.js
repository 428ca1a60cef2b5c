const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("./icons.svg", import.meta.url).pathname;

/**
 * Build a DOM node. Values become text nodes and attributes, never markup; `on…` is a listener;
 * null, undefined and false attributes and children are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

export function byId(id) {
  return document.getElementById(id);
}

/** The address when a browser may safely follow it, null otherwise (javascript:, data: and the like). */
export function safeLink(address) {
  const text = String(address ?? "").trim();
  if (!text) return null;
  const full = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^:/]+\.[^:/]+:\d+/.test(text) ? text : text.startsWith("/") ? text : `https://${text}`;
  try {
    const url = new URL(full, location.origin);
    return ["http:", "https:", "mailto:", "tel:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The start parameter of a link to this very bot (t.me/name?start=…, tg://resolve?domain=name&start=…), null for any other link. */
export function startPayload(address, username) {
  const href = safeLink(address);
  if (!href || !username) return null;
  const url = new URL(href);
  const web = ["t.me", "telegram.me"].includes(url.hostname) ? url.pathname.slice(1) : null;
  const app = url.protocol === "tg:" ? url.searchParams.get("domain") : null;
  const name = (web ?? app ?? "").replace(/\/$/, "");
  return name.toLowerCase() === username.toLowerCase() ? url.searchParams.get("start") ?? "" : null;
}

export function prefersStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

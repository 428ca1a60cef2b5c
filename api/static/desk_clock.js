// Waits that count up and times that run out, kept fresh by the server's clock.
import { root } from "./desk_parts.js";

const ahead = Date.parse(root.dataset.now) - Date.now();
const PERIOD = 15_000;
const SOON = 10;
const language = document.documentElement.lang;
const units = Object.fromEntries(["day", "hour", "minute"].map((unit) => [
  unit, new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }),
]));

function span(minutes) {
  if (minutes < 1) return root.dataset.justNow;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60)];
  if (days) return units.day.format(days);
  if (!hours) return units.minute.format(minutes);
  return [units.hour.format(hours), minutes % 60 ? units.minute.format(minutes % 60) : ""].filter(Boolean).join(" ");
}

function clock(zone) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
}

export function tick(within = document) {
  const now = Date.now() + ahead;
  for (const time of within.querySelectorAll("time[data-clock]")) put(time, clock(time.dataset.clock).format(now));
  for (const time of within.querySelectorAll("time[data-since]")) {
    put(time, span(Math.max(0, Math.floor((now - Date.parse(time.dataset.since)) / 60_000))));
  }
  for (const time of within.querySelectorAll("time[data-until]")) {
    const left = Math.floor((Date.parse(time.dataset.until) - now) / 60_000);
    put(time, (left < 0 ? root.dataset.over : root.dataset.left).replace("{n}", span(Math.abs(left))));
    const badge = time.closest(".badge");
    badge?.classList.toggle("bad", left < 0);
    badge?.classList.toggle("warn", left >= 0 && left < SOON);
  }
}

function put(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

setInterval(() => tick(), PERIOD);
tick();

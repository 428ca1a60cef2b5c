// A colleague calls by a note: it is heard wherever one is at the desk, and stays in sight until it was looked at or put away.
import { call } from "./desk_notify.js";
import { root, say } from "./desk_parts.js";

const bar = document.querySelector("[data-called]");

// `open`: the conversation that is on the screen, where the note appears by itself.
export function called(event, open = null) {
  if (event.staff !== root.dataset.me) return;
  call(bar.dataset.words);
  if (event.conversation === open) {
    say(bar.dataset.words);
    return;
  }
  bar.querySelector(`[data-of="${event.conversation}"]`)?.remove();
  const line = document.createElement("p");
  line.className = "note alarm";
  line.dataset.of = event.conversation;
  const go = Object.assign(document.createElement("a"), {
    href: `/desk/talks/${event.conversation}#line-${event.line}`,
    textContent: bar.dataset.go,
  });
  const away = Object.assign(document.createElement("button"), { type: "button", className: "tiny", textContent: bar.dataset.close });
  away.addEventListener("click", () => line.remove());
  const words = document.createElement("span");
  words.append(`${bar.dataset.words} `, go);
  line.append(words, away);
  bar.append(line);
}

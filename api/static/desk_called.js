// A colleague calls by a note: it is heard wherever one is at the desk, and stays in sight until it was looked at or put away.
import { call } from "./desk_notify.js";
import { root, say } from "./desk_parts.js";

const bar = document.querySelector("[data-called]");

// `open`: the conversation or request that is on the screen, where the note appears by itself.
export function called(event, open = null) {
  if (event.staff !== root.dataset.me) return;
  const [of, words] = event.ticket && !event.conversation
    ? [event.ticket, bar.dataset.ticket] : [event.conversation, bar.dataset.words];
  call(words, "called");
  if (of === open) {
    say(words);
    return;
  }
  bar.querySelector(`[data-of="${of}"]`)?.remove();
  const line = document.createElement("p");
  line.className = "note alarm";
  line.dataset.of = of;
  const go = Object.assign(document.createElement("a"), {
    href: event.conversation ? `/desk/talks/${of}#line-${event.line}` : `/desk/tickets/${of}`,
    textContent: bar.dataset.go,
  });
  const away = Object.assign(document.createElement("button"), { type: "button", className: "tiny", textContent: bar.dataset.close });
  away.addEventListener("click", () => line.remove());
  const said = document.createElement("span");
  said.append(`${words} `, go);
  line.append(said, away);
  bar.append(line);
}

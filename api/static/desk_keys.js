// Keys of the desk. They stand for places on the keyboard, so that they work with Russian letters on it, and keep silent while
// somebody types, and when they were turned off.
const OFF = "medkarta.keys_off";
const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=submit]), textarea, select, [contenteditable]";
const switched = document.querySelector("[data-keys-on]");
const help = document.querySelector("[data-keys-help]");

export function keys(deeds) {
  switched.checked = localStorage.getItem(OFF) !== "1";
  switched.addEventListener("change", () => localStorage.setItem(OFF, switched.checked ? "0" : "1"));
  const shows = document.querySelector("[data-show-keys]");
  shows.hidden = false;
  shows.addEventListener("click", () => help.showModal());

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (leave(event.target)) event.preventDefault();
      return;
    }
    if (!switched.checked || event.target.closest(TYPED) || document.querySelector("dialog[open]")) return;
    const name = called(event);
    if (name === "?") {
      event.preventDefault();
      help.showModal();
    } else if (name && deeds[name]) {
      event.preventDefault();
      deeds[name]();
    }
  });

  function leave(target) {
    const open = target.closest("details[open]") ?? document.querySelector("details.deed[open]");
    if (open && !open.matches(".folded, .line details")) {
      open.open = false;
      open.querySelector("summary").focus();
      return true;
    }
    if (target.closest(TYPED)) return Boolean(deeds.leave?.(target));
    return false;
  }
}

function called(event) {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "?";
  if (event.key === "/" || event.code === "Slash") return "/";
  if (event.shiftKey) return null;
  return /^Key[A-Z]$/.test(event.code) ? event.code.at(3).toLowerCase() : null;
}

// One form of a deed is open at a time, and a click elsewhere closes it.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.deed") || !event.target.open) return;
  for (const other of document.querySelectorAll("details.deed[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.deed[open]")) if (!open.contains(event.target)) open.open = false;
});

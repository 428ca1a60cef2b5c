// Calls whoever works elsewhere: a sound that can be turned off, a notification when it was allowed, and a count in the title.
const SILENT = "medkarta.silent";
const sound = document.querySelector("[data-sound]");
const allow = document.querySelector("[data-allow]");
const title = document.title;
const held = new Set();
let ear = null;

function shown() {
  const on = localStorage.getItem(SILENT) !== "1";
  sound.setAttribute("aria-pressed", String(on));
  sound.textContent = on ? sound.dataset.on : sound.dataset.off;
}

// A browser lets a page be heard only after somebody has touched it.
for (const touch of ["pointerdown", "keydown"]) {
  addEventListener(touch, () => { ear ??= new AudioContext(); }, { once: true });
}

const heard = () => ear && localStorage.getItem(SILENT) !== "1";

// Of several tabs that hear of the same one rings: the first to do so keeps the bell until it is closed, then whichever is next.
// A tab that cannot be heard leaves the bell to others. Where the browser has no locks every tab rings: better twice than never.
function ringAlone(bell) {
  if (!heard()) return;
  if (!navigator.locks || held.has(bell)) return void ring();
  navigator.locks.request(`medkarta.bell.${bell}`, { ifAvailable: true }, (lock) => {
    if (!lock) return null;
    held.add(bell);
    ring();
    return new Promise(() => {});
  }).catch(ring);
}

function ring() {
  if (!heard()) return;
  const [tone, loud] = [ear.createOscillator(), ear.createGain()];
  tone.frequency.value = 660;
  loud.gain.setValueAtTime(0.0001, ear.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.15, ear.currentTime + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.0001, ear.currentTime + 0.35);
  tone.connect(loud).connect(ear.destination);
  tone.start();
  tone.stop(ear.currentTime + 0.4);
}

// Nothing about the person goes into a notification: it lies on the screen of a locked computer. `bell`: what the tab listens
// for; tabs with the same one hear of the same. Notifications of several tabs are one by their tag.
export function call(words, bell) {
  ringAlone(bell);
  if (document.hidden && "Notification" in window && Notification.permission === "granted") {
    const notice = new Notification(words, { tag: "medkarta" });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  }
}

export function count(number, name = title) {
  document.title = number ? `(${number}) ${name}` : name;
}

sound.addEventListener("click", () => {
  localStorage.setItem(SILENT, localStorage.getItem(SILENT) === "1" ? "0" : "1");
  shown();
  ring();
});
if ("Notification" in window && Notification.permission === "default") {
  allow.hidden = false;
  allow.addEventListener("click", async () => {
    await Notification.requestPermission();
    allow.hidden = true;
  });
}
sound.hidden = false;
shown();

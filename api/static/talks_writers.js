// Which colleagues write in the conversation that is open: seen while they do, and said once to whoever listens, not at every key.
// Of the person in Telegram nothing is shown: Telegram does not tell a bot that somebody writes.
import { say } from "./desk_parts.js";

const SHOWN = 6_000;
const QUIET = 60_000;
const names = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

export class Writers {
  constructor(pane) {
    Object.assign(this, { pane, place: pane.querySelector("[data-writes]"), timers: new Map(), said: new Map() });
  }

  // They are told of every few seconds while they write; who is not told of any more has stopped.
  hear(staff) {
    clearTimeout(this.timers.get(staff));
    this.timers.set(staff, setTimeout(() => this.forget(staff), SHOWN));
    this.show();
    const now = Date.now();
    if (now - (this.said.get(staff) ?? -Infinity) < QUIET) return;
    this.said.set(staff, now);
    say(this.place.dataset.wordsOne.replace("{name}", this.name(staff)));
  }

  forget(staff) {
    clearTimeout(this.timers.get(staff));
    this.timers.delete(staff);
    this.show();
  }

  // What they wrote is there.
  clear() {
    for (const staff of [...this.timers.keys()]) this.forget(staff);
  }

  name(staff) {
    return this.pane.querySelector(`[name=mentions][value="${CSS.escape(staff)}"]`)?.dataset.name ?? this.place.dataset.somebody;
  }

  show() {
    const who = [...this.timers.keys()].map((staff) => this.name(staff));
    const { wordsOne, wordsMany } = this.place.dataset;
    const words = who.length > 1 ? wordsMany.replace("{names}", names.format(who)) : wordsOne.replace("{name}", who[0] ?? "");
    const text = who.length ? words : "";
    if (this.place.textContent !== text) this.place.textContent = text;
  }
}

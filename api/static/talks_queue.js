// The list of conversations: kept fresh without taking the focus away, walked by keys, prolonged page by page.
import { call, count } from "./desk_notify.js";
import { piece, say } from "./desk_parts.js";
import { tick } from "./desk_clock.js";

const WAIT = 400;
const LONG = 3_000;
const FULL = 50;
const BELL = "talks";

export class Queue {
  constructor(pane, { current, open }) {
    Object.assign(this, { pane, current, opened: open, known: null, asking: false, again: false });
    Object.assign(this, { timer: 0, due: Infinity });
    pane.addEventListener("click", (event) => this.click(event));
    this.rove();
    this.note();
  }

  get rows() {
    return [...this.pane.querySelectorAll("[data-rows] a")];
  }

  // What happens often is gathered: the list is asked for once for all of it.
  soon(wait = WAIT) {
    const due = Date.now() + wait;
    if (due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.due = Infinity;
      this.refresh();
    }, wait);
  }

  // Words in conversations of others change a row at most, and only one that is on the screen.
  hear(event, kind, me) {
    const spoken = ["line", "edited", "delivery"].includes(kind);
    if (!spoken || event.staff === me) this.soon();
    else if (kind === "line" && this.pane.querySelector(`li[data-id="${event.conversation}"]`)) this.soon(LONG);
  }

  click(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const row = event.target.closest("[data-rows] a");
    const more = event.target.closest("[data-more] a");
    if (!plain || !(row || more)) return;
    event.preventDefault();
    if (row) this.opened(row.getAttribute("href"));
    else this.prolong(more);
  }

  async prolong(more) {
    const found = await piece(more.getAttribute("href"), "[data-queue]", { attended: true }).catch(() => null);
    if (!found) return;
    const old = new Set(this.rows.map((each) => each.closest("li").dataset.id));
    const fresh = [...found.querySelectorAll("[data-rows] > li")].filter((each) => !old.has(each.dataset.id));
    this.pane.querySelector("[data-rows]").append(...fresh);
    this.pane.querySelector("[data-more]").replaceWith(found.querySelector("[data-more]"));
    this.rove();
    tick(this.pane);
    fresh[0]?.querySelector("a").focus();
  }

  // One question at a time: what happens meanwhile is asked for once more, when the answer is there.
  async refresh() {
    this.again = this.asking;
    if (this.asking) return;
    this.asking = true;
    let found = null;
    const length = Math.max(this.rows.length, FULL);
    try {
      const address = new URL(this.pane.dataset.address, location.href);
      address.searchParams.set("count", String(length));
      if (this.current() && !document.hidden) address.searchParams.set("open", this.current());
      found = await piece(address.pathname + address.search, "[data-queue]");
    } catch {
      // The stream says by itself that the server is away.
    } finally {
      this.asking = false;
    }
    // What was added to the end meanwhile stays: the answer is shorter than the list by then.
    if (this.rows.length > length) this.again = true;
    else if (found) this.show(found);
    if (this.again) this.soon();
  }

  show(found) {
    const list = this.pane.querySelector("[data-rows]");
    const old = new Map([...list.children].map((each) => [each.dataset.id, each]));
    [...found.querySelectorAll("[data-rows] > li")].forEach((fresh, place) => {
      let row = old.get(fresh.dataset.id);
      old.delete(fresh.dataset.id);
      if (row) this.fill(row, fresh);
      else row = fresh;
      // Moving a row would take the focus from it, so only rows out of their place move.
      if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
    });
    for (const gone of old.values()) gone.remove();
    for (const part of ["[data-more]", "[data-nobody]", "[data-tabs]"]) {
      const [here, there] = [this.pane.querySelector(part), found.querySelector(part)];
      if (!here.isEqualNode(there) && !here.contains(document.activeElement)) here.replaceWith(there);
    }
    const { waiting, unread, late } = found.dataset;
    Object.assign(this.pane.dataset, { waiting, unread, late });
    this.rove();
    tick(this.pane);
    this.note();
  }

  fill(row, fresh) {
    const [here, there] = [row.querySelector("a"), fresh.querySelector("a")];
    here.className = there.className;
    Object.assign(row.dataset, fresh.dataset);
    here.replaceChildren(...there.childNodes);
  }

  // What is new calls, once for all of it: words in a conversation of one's own, a limit that is over, somebody who waits.
  note() {
    const { wordsUnread, wordsLate, wordsWaiting, ...told } = this.pane.dataset;
    const [waiting, unread, late] = [told.waiting, told.unread, told.late].map(Number);
    if (this.known && unread > this.known.unread) call(wordsUnread, BELL);
    else if (this.known && late > this.known.late) this.tell(wordsLate);
    else if (this.known && waiting > this.known.waiting) this.tell(wordsWaiting);
    this.known = { waiting, unread, late };
    count(waiting + unread);
  }

  tell(words) {
    call(words, BELL);
    say(words);
  }

  mark() {
    for (const row of this.rows) {
      if (row.closest("li").dataset.id === this.current()) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    this.rove();
  }

  // One row of the list is a stop of the Tab key; j and k walk the others.
  rove(chosen = null) {
    const rows = this.rows;
    const stop = chosen ?? rows.find((each) => each === document.activeElement)
      ?? rows.find((each) => each.hasAttribute("aria-current")) ?? rows[0];
    for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
    return stop;
  }

  step(by) {
    const rows = this.rows;
    const from = rows.findIndex((each) => each === document.activeElement);
    const start = from >= 0 ? from + by : rows.findIndex((each) => each.tabIndex === 0);
    const next = rows[Math.min(Math.max(start, 0), rows.length - 1)];
    if (!next) return;
    this.rove(next);
    next.focus();
  }

  focus() {
    this.rove()?.focus();
  }

  search() {
    const field = this.pane.querySelector("input[type=search]");
    field.focus();
    field.select();
  }
}

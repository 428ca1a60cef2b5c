// One conversation on the screen: its lines grow at their end, change in their place, and count as read once they were seen.
import { failed, later, piece, say, send, warn } from "./desk_parts.js";
import { tick } from "./desk_clock.js";
import { Writers } from "./talks_writers.js";

const NEAR = 120;
const READ = 600;

export class Talk {
  constructor(pane, person, { changed, compose }) {
    Object.assign(this, { pane, person, changed, compose, id: pane.dataset.talk, composer: null, growing: null, stuck: true, asked: 0, spoke: 0 });
    this.told = later(READ, () => this.tell());
    this.writers = new Writers(pane);
  }

  get lines() {
    return this.pane.querySelector("[data-lines]");
  }

  get last() {
    return Number(this.lines.dataset.last);
  }

  get address() {
    return `/desk/talks/${this.id}`;
  }

  begin() {
    this.writing();
    this.lines.addEventListener("scroll", () => {
      this.stuck = this.near();
      this.look();
    }, { passive: true });
    // A picture that has arrived is taller than its place: whoever stood at the end stays there.
    this.lines.addEventListener("load", () => this.stuck && this.fall(), true);
    this.pane.addEventListener("click", (event) => this.click(event));
    this.pane.querySelector("[data-fall]").addEventListener("click", () => this.fall());
    this.scripted(this.pane);
    if (!location.hash.startsWith("#line-")) this.fall();
    this.look();
  }

  leave() {
    this.told.stop();
    this.writers.clear();
    this.id = null;
  }

  writing() {
    const form = this.pane.querySelector("[data-compose]");
    this.composer = form ? this.compose(form, {
      sent: () => this.grow().then(() => this.fall()).then(() => this.renew()),
      stale: (error) => this.stale(error),
      refused: (error) => this.renew().then(() => warn(error.message)),
    }) : null;
  }

  // Buttons that only a script can serve are hidden until there is one. A quote says what the quoted line says here.
  scripted(within) {
    for (const each of within.querySelectorAll("[data-script]")) each.hidden = false;
    for (const each of within.querySelectorAll("a.quote[href^='#']")) {
      const quoted = this.pane.querySelector(each.getAttribute("href"));
      if (quoted) each.querySelector("[data-quoted]").textContent = quoted.dataset.brief;
    }
  }

  click(event) {
    const answer = event.target.closest("[data-answer]");
    if (answer) this.composer?.answer(answer.closest("[data-line]"));
    const quote = event.target.closest("a.quote[href^='#']");
    if (!quote) return;
    const line = this.pane.querySelector(quote.getAttribute("href"));
    if (line) {
      event.preventDefault();
      const folded = line.closest("details.folded");
      if (folded) folded.open = true;
      line.focus();
    }
  }

  // Asks for what came after the last line. Two calls at once would show a line twice, so the second waits for the first.
  async grow() {
    while (this.growing) await this.growing;
    this.growing = this.more();
    try {
      return await this.growing;
    } finally {
      this.growing = null;
    }
  }

  async more() {
    const [id, near] = [this.id, this.stuck || this.near()];
    const found = await piece(`${this.address}/lines?after=${this.last}`, "[data-lines]");
    if (!found || id !== this.id) return 0;
    const list = this.lines.querySelector("[data-live-lines]");
    const fresh = [...found.querySelectorAll("[data-line]")].filter((each) => Number(each.dataset.line) > this.last);
    for (const each of fresh) this.scripted(each);
    list.append(...fresh);
    this.lines.dataset.last = String(Math.max(this.last, Number(found.dataset.last)));
    tick(this.lines);
    const theirs = fresh.filter((each) => each.dataset.side === "citizen");
    if (fresh.some((each) => ["operator", "note"].includes(each.dataset.side))) this.writers.clear();
    if (theirs.length) say(theirs.map((each) => each.dataset.brief).join(". "));
    if (near) this.fall();
    this.look();
    return fresh.length;
  }

  async change(number) {
    const id = this.id;
    const found = await piece(`${this.address}/lines?after=${number - 1}&until=${number}`, "[data-lines]");
    const [here, there] = [this.pane.querySelector(`[data-line="${number}"]`), found?.querySelector("[data-line]")];
    if (id !== this.id || !here || !there) return;
    if (here.querySelector("details.deed[open]")) return;
    this.scripted(there);
    const focused = here.contains(document.activeElement);
    here.replaceWith(there);
    tick(there);
    if (focused) there.focus();
  }

  // Reads the conversation anew: who has it, what may be done, what it says beside. What is being typed stays where it is.
  async renew() {
    const [id, question] = [this.id, (this.asked += 1)];
    const page = await piece(this.address, "[data-work]");
    // A slow answer says nothing once a later one has spoken.
    if (id !== this.id || !page || question < this.spoke) return;
    this.spoke = question;
    this.swap(this.pane, page, "[data-head]");
    const person = page.querySelector("[data-person]");
    if (!this.person.querySelector("details[open], :is(input, textarea, select):focus")) {
      const had = this.person.contains(document.activeElement) ? document.activeElement : null;
      for (const shown of this.person.querySelectorAll("[data-which][data-shown]")) {
        person.querySelector(`[data-which="${shown.dataset.which}"]`)?.replaceWith(shown);
      }
      this.person.replaceWith(person);
      this.person = person;
      if (had) (had.isConnected ? had : person.querySelector("h2")).focus();
    }
    const [here, there] = [this.pane.querySelector("[data-compose]"), page.querySelector("[data-compose]")];
    if (here.dataset.may !== there.dataset.may) {
      const typed = this.composer?.field?.value ?? "";
      // A draft that nobody touched here was kept by whoever had the conversation before: it may have been the answer.
      const noting = Boolean(this.composer?.touched && this.composer.noting);
      here.replaceWith(there);
      this.writing();
      if (typed && this.composer?.field) this.composer.take(noting, typed);
    } else {
      for (const name of ["epoch"]) here.elements[name].value = there.elements[name].value;
      const [why, now] = [here, there].map((form) => form.querySelector("[data-why]"));
      if (why && now) why.textContent = now.textContent;
    }
    tick(this.pane);
    tick(this.person);
    await this.grow();
    this.changed();
  }

  swap(within, page, part) {
    const [here, there] = [within.querySelector(part), page.querySelector(part)];
    if (here.querySelector("details[open]") || here.isEqualNode(there)) return;
    const key = here.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const focused = here.contains(document.activeElement);
    here.replaceWith(there);
    this.scripted(there);
    if (focused) (there.querySelector(`[data-key="${key}"]`) ?? there.querySelector("h2")).focus();
  }

  async stale() {
    const came = await this.grow();
    this.fall();
    this.look();
    const words = this.pane.dataset.wordsStale.replace("{n}", String(came || 1));
    warn(words);
  }

  near() {
    const box = this.box();
    return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  }

  // On narrow screens the page scrolls, not the pane.
  box() {
    return getComputedStyle(this.lines).overflowY === "visible" ? document.scrollingElement : this.lines;
  }

  fall() {
    const box = this.box();
    box.scrollTop = box.scrollHeight;
    this.stuck = true;
    this.look();
  }

  // What stands in sight of somebody who looks at the page is read; only then may it be answered.
  look() {
    if (!this.id) return;
    const near = this.near();
    this.pane.querySelector("[data-fall]").hidden = near;
    if (document.hidden || !near) return;
    const seen = this.composer?.form.elements.seen;
    if (seen && Number(seen.value) < this.last) seen.value = String(this.last);
    if (Number(this.pane.dataset.read) < this.last && this.pane.dataset.mine === "1") this.told();
  }

  async tell() {
    const last = this.last;
    if (Number(this.pane.dataset.read) >= last) return;
    this.pane.dataset.read = String(last);
    await send(`${this.address}/read`, { line: String(last) }, { unattended: true }).catch((error) => error.status === 404 || failed(error));
    this.changed();
  }

  press(what) {
    const found = this.pane.querySelector(what);
    if (!found) return;
    if (found.matches("summary")) {
      found.parentElement.open = true;
      (found.parentElement.querySelector("select, textarea, button") ?? found).focus();
    } else found.click();
  }

  focus() {
    if (this.composer?.field && this.composer.may === "yes") this.composer.field.focus();
    else this.pane.querySelector("[data-head] h2").focus();
  }
}

// Writing in a conversation: nothing typed is lost, nothing is sent twice, nothing is sent unread.
import { Refused, failed, key, later, send, warn } from "./desk_parts.js";
import { Offers } from "./talks_offers.js";

const TYPING = 4_000;
const DRAFT = 800;

export class Composer {
  // `sent` is called when something was written, `stale` when there is something that was not read yet.
  constructor(form, { sent, stale, refused }) {
    Object.assign(this, { form, sent, stale, refused, typed: 0, touched: false, busy: false, kept: null });
    this.field = form.querySelector("textarea");
    if (!this.field) return;
    this.kept = this.field.value;
    this.offers = new Offers(this.field, form.querySelector("[data-offers]"), form);
    this.keep = later(DRAFT, () => this.draft());
    this.file = form.querySelector("[type=file]");
    this.note = form.querySelector("[data-note-toggle]");
    this.field.addEventListener("input", () => this.write());
    this.field.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // Now, not when the answer has come: whoever has left the field by then presses keys that are deeds, and types none.
      this.field.focus();
      this.submit();
    });
    this.note.addEventListener("change", () => this.mode());
    this.file?.addEventListener("change", () => this.chosen());
    form.querySelector("[data-unchoose]")?.addEventListener("click", () => {
      this.file.value = "";
      this.chosen();
      this.field.focus();
    });
    form.querySelector("[data-insert]")?.addEventListener("click", () => this.insert());
    form.querySelector("[data-unanswer]").addEventListener("click", () => {
      this.unanswer();
      this.field.focus();
    });
    for (const hidden of form.querySelectorAll("[data-script]")) hidden.hidden = false;
    this.mode();
  }

  get noting() {
    return this.note.checked;
  }

  get may() {
    return this.form.dataset.may;
  }

  mode() {
    if (this.may !== "yes") this.note.checked = true;
    this.form.classList.toggle("noting", this.noting);
    for (const part of this.form.querySelectorAll("[data-when]")) {
      part.hidden = part.dataset.when !== (this.noting ? "note" : "say");
    }
    this.field.setAttribute("aria-label", this.noting ? this.form.dataset.noteLabel : this.form.dataset.sayLabel);
  }

  // `typed` stood in the field before it was made anew: what was meant for colleagues stays a note.
  take(noting, typed = null) {
    if (!this.field) return;
    if (typed !== null) this.field.value = typed;
    this.note.checked = noting;
    this.mode();
    if (typed === null) this.field.focus();
  }

  answer(line) {
    this.unanswer(line);
    this.take(false);
  }

  unanswer(line = null) {
    const [bar, quote, number] = ["[data-answering]", "[data-answering] .quote", "[name=reply_to]"]
      .map((part) => this.form.querySelector(part));
    bar.hidden = !line;
    number.value = line?.dataset.line ?? "";
    quote.textContent = line ? line.dataset.brief : "";
  }

  insert() {
    const space = this.field.selectionStart && !/\s$/.test(this.field.value.slice(0, this.field.selectionStart)) ? " " : "";
    this.field.focus();
    this.field.setRangeText(`${space}/`, this.field.selectionStart, this.field.selectionEnd, "end");
    this.offers.look();
  }

  chosen() {
    const file = this.file.files[0];
    this.form.querySelector("[data-chosen]").textContent = file ? file.name : "";
    this.form.querySelector("[data-unchoose]").hidden = !file;
    const heavy = file && file.size > Number(this.form.dataset.largest);
    warn(heavy ? this.form.dataset.tooLarge : "");
    if (heavy) {
      this.file.value = "";
      this.chosen();
      warn(this.form.dataset.tooLarge);
    }
  }

  write() {
    this.touched = true;
    this.keep();
    const now = Date.now();
    if (!this.field.value.trim() || now - this.typed < TYPING) return;
    this.typed = now;
    send(this.form.dataset.typing, this.noting ? { note: "1" } : {}).catch(() => {});
  }

  press(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    this.submit();
  }

  // Nobody keeps a draft of what may not be seen any more.
  forget() {
    this.keep?.stop();
    this.kept = this.field?.value ?? null;
  }

  async draft(last = false) {
    if (!this.field) return;
    const text = this.field.value;
    if (this.kept !== text) {
      this.kept = text;
      this.keeping = send(this.form.dataset.draft, { text }, { last }).catch(() => (this.kept = null));
    }
    // Whoever waits for the draft waits for one that is under way, too.
    await this.keeping;
  }

  // `address`: whom it was meant for when Enter was pressed, whatever the field is for by the time it goes.
  async submit(address = this.noting ? this.form.dataset.note : this.form.dataset.say) {
    if (!this.field.value.trim() && !this.file?.files.length) return;
    // Who is quicker than the answer before is not passed over: this one goes next.
    this.next = this.busy ? address : null;
    if (this.busy) return;
    this.busy = true;
    this.keep.stop();
    const said = this.field.value;
    warn("");
    try {
      await send(this.form, {}, { to: address });
      this.clear(said);
      await this.sent();
    } catch (error) {
      this.next = null;
      await this.lost(error);
    } finally {
      this.busy = false;
    }
    if (this.next) await this.submit(this.next);
  }

  // What is typed while the answer is under way stays: only what was sent is taken out.
  clear(said) {
    this.field.value = this.field.value.startsWith(said) ? this.field.value.slice(said.length) : this.field.value;
    this.form.querySelector("[name=key]").value = key();
    if (this.file) {
      this.file.value = "";
      this.chosen();
    }
    for (const each of this.form.querySelectorAll("[name=mentions]:checked")) each.checked = false;
    this.unanswer();
    this.typed = 0;
    this.kept = this.field.value ? null : "";
    if (this.field.value) this.keep();
  }

  async lost(error) {
    if (error instanceof Refused && error.name === "stale_view") await this.stale(error);
    else if (error instanceof Refused && error.status === 409) await this.refused(error);
    else failed(error);
  }
}

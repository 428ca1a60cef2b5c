// What can be put in while writing: ready answers and articles after «/», colleagues after «@» in a note.
// The field keeps the focus; the list is walked by arrows, and the one chosen is named by aria-activedescendant.
import { later, piece, say } from "./desk_parts.js";

const WAIT = 150;

export class Offers {
  constructor(field, list, form) {
    Object.assign(this, { field, list, form, at: -1, from: 0, asked: 0 });
    this.ask = later(WAIT, () => this.look());
    field.addEventListener("input", () => this.ask());
    field.addEventListener("keydown", (event) => this.walk(event));
    field.addEventListener("blur", () => setTimeout(() => this.hide(), WAIT));
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  // The word under the caret that begins with a sign, where a word may begin.
  word() {
    const before = this.field.value.slice(0, this.field.selectionStart);
    const found = /(?:^|\s)([/@])([^\n/@]{0,60})$/u.exec(before);
    if (!found) return null;
    return { sign: found[1], words: found[2], from: before.length - found[2].length - 1 };
  }

  async look() {
    const word = this.word();
    const noting = this.form.classList.contains("noting");
    if (!word || (word.sign === "@") !== noting) return this.hide();
    const turn = ++this.asked;
    const options = word.sign === "@" ? this.colleagues(word.words) : await this.ready(word.words);
    if (turn !== this.asked) return null;
    this.from = word.from;
    this.list.replaceChildren(...options);
    if (!options.length) return this.hide();
    this.list.hidden = false;
    this.choose(0);
    return say(this.list.dataset.found.replace("{n}", options.length));
  }

  async ready(words) {
    const address = `${this.list.dataset.offers}?words=${encodeURIComponent(words)}`;
    const found = await piece(address, "ul", { attended: true }).catch(() => null);
    return found ? [...found.children] : [];
  }

  colleagues(words) {
    const sought = words.toLowerCase();
    return [...this.form.querySelectorAll("[name=mentions]")]
      .filter((each) => each.dataset.name.toLowerCase().includes(sought))
      .slice(0, 8)
      .map((each, place) => {
        const option = document.createElement("li");
        Object.assign(option, { id: `offer-${place}`, role: "option", textContent: each.dataset.name });
        Object.assign(option.dataset, { text: `@${each.dataset.name} `, mention: each.value });
        return option;
      });
  }

  walk(event) {
    if (!this.open || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose((this.at + step + this.list.children.length) % this.list.children.length);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.list.children[this.at]);
    else if (event.key === "Escape") this.hide();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  choose(place) {
    this.at = place;
    [...this.list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === place)));
    const chosen = this.list.children[place];
    this.field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    const { text, mention } = option.dataset;
    this.field.setRangeText(text, this.from, this.field.selectionStart, "end");
    if (mention) this.form.querySelector(`[name=mentions][value="${CSS.escape(mention)}"]`).checked = true;
    this.hide();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  hide() {
    this.asked += 1;
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}

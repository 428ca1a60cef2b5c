import { byId, el } from "./dom.js";

/** The list of commands over the composer: opened by the button or by typing "/". */
export class Commands {
  #at = -1;

  constructor(session, onPick) {
    this.session = session;
    this.onPick = onPick;
    this.root = byId("commands");
    this.input = byId("composer");
    this.button = byId("commands-button");
    this.button.addEventListener("click", () => {
      if (this.open) this.close();
      else {
        this.show("");
        this.#mark(0);
      }
      this.input.focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (this.open && !this.root.contains(event.target) && !this.button.contains(event.target)) this.close();
    });
  }

  get open() {
    return !this.root.hidden;
  }

  /** Called when the text changes or the chat does. */
  refresh() {
    const { chat } = this.session;
    this.button.hidden = !chat?.commands.length;
    const typed = /^\/(\w*)$/u.exec(this.input.value);
    if (typed && document.activeElement === this.input) this.show(typed[1]);
    else this.close();
  }

  show(prefix) {
    const found = (this.session.chat?.commands ?? []).filter(({ command }) => command.startsWith(prefix.toLowerCase()));
    this.root.replaceChildren(...found.map(({ command, description }, index) => el("div", {
      role: "option", id: `command-${index}`, "aria-selected": "false", "data-command": `/${command}`,
      onclick: () => this.#pick(command), onpointermove: () => this.#mark(index),
    }, el("b", {}, `/${command}`), el("span", { class: "soft" }, description))));
    this.root.hidden = found.length === 0;
    this.button.setAttribute("aria-expanded", String(this.open));
    this.#mark(found.length && prefix ? 0 : -1);
  }

  close() {
    this.root.hidden = true;
    this.#at = -1;
    this.button.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Keys while the list is open; true when the key was for the list. */
  key(event) {
    if (!this.open) return false;
    const options = this.root.children;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#mark((this.#at + step + options.length + (this.#at < 0 && step < 0 ? 1 : 0)) % options.length);
    } else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.#at >= 0 && !event.shiftKey) this.#pick(options[this.#at].dataset.command.slice(1));
    else if (event.key === "Tab" && this.#at >= 0) {
      this.input.value = `${options[this.#at].dataset.command} `;
      this.close();
      this.input.dispatchEvent(new Event("input"));
    } else return false;
    event.preventDefault();
    return true;
  }

  #mark(index) {
    this.#at = index;
    [...this.root.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else {
      this.input.setAttribute("aria-activedescendant", `command-${index}`);
      this.root.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  #pick(command) {
    this.close();
    this.onPick(`/${command}`);
  }
}

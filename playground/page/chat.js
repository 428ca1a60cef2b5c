/** What one person sees of the chat, kept up to date by the answers of GET /people/{id}/chat. */
export class Chat {
  constructor() {
    this.draft = "";
    this.alertSeq = 0;
    this.keyboardHidden = false;
    this.reset();
  }

  reset() {
    this.seq = 0;
    this.loaded = false;
    this.messages = [];
    this.versions = new Map();
    this.known = new Map();
    this.keyboard = null;
    this.commands = [];
    this.pinned = null;
    this.action = null;
    this.blocked = false;
    this.bot = { id: 0, name: "Бот", username: "" };
  }

  get(id) {
    return this.known.get(id) ?? null;
  }

  version(id) {
    return this.versions.get(id) ?? 0;
  }

  /** Returns what is new to the eye: {initial, fresh: Message[], keyboardChanged}. */
  apply(view) {
    const initial = !this.loaded;
    // The server was started anew: its numbering begins again, and so do we.
    if (view.seq < this.seq) {
      this.reset();
      return null;
    }
    const fresh = [];
    for (const message of view.messages) {
      if (!this.known.has(message.id)) fresh.push(message);
      this.known.set(message.id, message);
      this.versions.set(message.id, this.version(message.id) + 1);
    }
    for (const id of view.deleted ?? []) {
      this.known.delete(id);
      this.versions.delete(id);
    }
    this.messages = [...this.known.values()].sort((a, b) => a.id - b.id);
    const keyboardChanged = JSON.stringify(this.keyboard) !== JSON.stringify(view.reply_keyboard);
    this.keyboard = view.reply_keyboard ?? null;
    if (keyboardChanged) this.keyboardHidden = false;
    this.commands = view.commands ?? [];
    this.pinned = view.pinned ?? null;
    this.action = view.action ?? null;
    this.blocked = Boolean(view.blocked);
    this.bot = view.bot ?? this.bot;
    this.seq = view.seq;
    this.loaded = true;
    return { initial, fresh: initial ? [] : fresh, keyboardChanged };
  }

  lastOwnText() {
    return this.messages.findLast((message) => message.from === "person" && message.text && !message.contact && !message.location) ?? null;
  }
}

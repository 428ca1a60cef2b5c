import * as api from "./api.js";
import { Chat } from "./chat.js";
import { Live } from "./live.js";
import { showAlert, toast } from "./overlay.js";

const PEOPLE_EVERY = 2500;
const ANSWER_WITHIN = 30_000;
const ALBUM = 10;

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Who is here, whose chat is open, and everything a person can do in it.
 * Events: "people" (the list changed), "opened" (another person's chat is open), "changed" (detail: {initial, fresh, keyboardChanged}),
 * "link" (detail: {down, seconds}).
 */
export class Session extends EventTarget {
  people = [];
  person = null;
  #chats = new Map();
  #waiting = new Map();
  #watching = new Set();
  #live = new Live({
    onView: (person, view) => this.#view(person, view),
    onLink: (down, seconds) => this.#tell("link", { down, seconds }),
    onGone: () => this.#gone(),
  });

  get chat() {
    return this.#chats.get(this.person?.id) ?? null;
  }

  chatOf(id) {
    return this.#chats.get(id) ?? null;
  }

  get unread() {
    return this.people.reduce((sum, person) => sum + (person.id === this.person?.id && !document.hidden ? 0 : person.unread), 0);
  }

  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async begin(preferredId) {
    while (!(await this.refreshPeople())) await pause(1000);
    this.open(preferredId);
    for (;;) {
      if (!this.person) this.open(this.people[0]?.id);
      await pause(PEOPLE_EVERY);
      await this.refreshPeople();
    }
  }

  async refreshPeople() {
    try {
      this.people = await api.people();
    } catch {
      if (!this.person) this.#tell("link", { down: true, seconds: 1 });
      return false;
    }
    if (!this.person) this.#tell("link", { down: false, seconds: 0 });
    this.person = this.people.find((person) => person.id === this.person?.id) ?? this.person;
    this.#tell("people");
    return true;
  }

  open(id) {
    const person = this.people.find((one) => one.id === id);
    if (!person || person.id === this.person?.id) return;
    this.person = person;
    if (!this.#chats.has(id)) this.#chats.set(id, new Chat());
    this.#tell("opened");
    this.#live.follow(id, this.chat);
  }

  retry() {
    this.#live.retry();
  }

  async create(body) {
    const made = await api.createPerson(body);
    await this.refreshPeople();
    this.open(made.id);
  }

  #view(person, view) {
    const change = this.#chats.get(person)?.apply(view);
    if (change && person === this.person?.id) this.#tell("changed", change);
  }

  async #gone() {
    this.#chats.clear();
    this.person = null;
    if ((await this.refreshPeople()) && !this.person) this.open(this.people[0]?.id);
  }

  /** Do one of a person's acts; a refusal is told in a toast. Returns the answer, or null when refused. */
  async #act(call, person = this.person.id) {
    try {
      return await call(person);
    } catch (error) {
      toast(error.message, "bad");
      return null;
    }
  }

  say = (text, replyTo, person) => this.#act((id) => api.say(id, text, replyTo), person);
  edit = (messageId, text, person) => this.#act((id) => api.edit(id, messageId, text), person);
  remove = (messageIds) => this.#act((id) => Promise.all(messageIds.map((messageId) => api.remove(id, messageId))));
  clear = () => this.#act((id) => api.clear(id));
  contact = () => this.#act((id) => api.contact(id));
  place = (latitude, longitude) => this.#act((id) => api.place(id, latitude, longitude));
  block = () => this.#act((id) => api.block(id));
  unblock = () => this.#act((id) => api.unblock(id));
  start = (payload) => this.#act((id) => api.start(id, payload));

  /** More than ten files go as several albums, as Telegram does; documents and pictures never share one. */
  upload = (files, as, caption, replyTo) => this.#act(async (id) => {
    for (let from = 0; from < files.length; from += ALBUM) {
      await api.upload(id, files.slice(from, from + ALBUM), as, from === 0 ? caption : "", replyTo);
    }
    return true;
  });

  /** Tap an inline button; resolves once the bot has answered the callback (or has kept silent for half a minute). */
  tap = async (messageId, button) => {
    const person = this.person.id;
    const answer = await this.#act((id) => api.tap(id, messageId, button));
    if (!answer?.callback_query_id) return;
    await new Promise((resolve) => {
      this.#waiting.set(answer.callback_query_id, { resolve, until: performance.now() + ANSWER_WITHIN });
      this.#watchAlerts(person, this.#chats.get(person));
    });
  };

  async #watchAlerts(person, chat) {
    if (this.#watching.has(person)) return;
    this.#watching.add(person);
    let wait = 60;
    while (this.#waiting.size > 0) {
      const answers = await api.alerts(person, chat.alertSeq).catch(() => []);
      for (const answer of answers) {
        chat.alertSeq = Math.max(chat.alertSeq, answer.seq);
        const tapped = this.#waiting.get(answer.callback_query_id);
        if (!tapped) continue;
        tapped.resolve();
        this.#waiting.delete(answer.callback_query_id);
        if (answer.url || (answer.text && answer.alert)) showAlert(answer.text ?? "", this.chat.bot.name, answer.url);
        else if (answer.text) toast(answer.text);
        wait = 60;
      }
      for (const [id, tapped] of this.#waiting) {
        if (performance.now() < tapped.until) continue;
        tapped.resolve();
        this.#waiting.delete(id);
      }
      await pause(wait);
      wait = Math.min(wait * 1.4, 1000);
    }
    this.#watching.delete(person);
  }
}

import * as api from "./api.js";

const WAIT = 25;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
// An answer that comes at once and says nothing new must not turn the poll into a storm.
const QUICK = 150;
const LONGEST_IDLE = 600;

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

/**
 * The long poll of the open chat. `onView(view)` gets every answer and may return null to ask for everything again;
 * `onLink(down, seconds)` tells when the connection is lost and found; `onGone()` when the server knows no such person.
 * A hidden tab stops asking, so that its messages stay unread and a browser's few connections are left to others.
 */
export class Live {
  #stop = new AbortController();
  #wake = new AbortController();
  #hidden = new AbortController();
  #failures = 0;

  constructor({ onView, onLink, onGone }) {
    this.onView = onView;
    this.onLink = onLink;
    this.onGone = onGone;
    window.addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.#hidden.abort(); });
  }

  retry() {
    this.#wake.abort();
  }

  stop() {
    this.#stop.abort();
    this.#wake.abort();
  }

  async follow(person, chat) {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    let idle = 0;
    while (!stop.signal.aborted) {
      await this.#untilSeen(stop.signal);
      if (stop.signal.aborted) return;
      const began = performance.now();
      const before = chat.seq;
      try {
        const wait = chat.loaded && this.#failures === 0 ? WAIT : 0;
        const view = await api.chat(person, chat.seq, wait, this.#whileSeen(stop.signal));
        if (stop.signal.aborted) return;
        if (this.#failures > 0) this.onLink(false, 0);
        this.#failures = 0;
        this.#show(person, view);
        idle = view.seq === before && performance.now() - began < QUICK ? Math.min(idle + QUICK, LONGEST_IDLE) : 0;
        if (idle > 0) await pause(idle, stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error.name === "AbortError") continue;
        if (error.status === 404) {
          this.onGone(person);
          return;
        }
        this.#failures += 1;
        const wait = Math.min(FIRST_PAUSE * 2 ** (this.#failures - 1), LONGEST_PAUSE);
        this.onLink(true, Math.ceil(wait / 1000));
        this.#wake = new AbortController();
        await pause(wait, AbortSignal.any([stop.signal, this.#wake.signal]));
      }
    }
  }

  /** A fault in drawing is not a lost connection: it is reported, and the poll goes on. */
  #show(person, view) {
    try {
      this.onView(person, view);
    } catch (error) {
      reportError(error);
    }
  }

  #untilSeen(signal) {
    if (!document.hidden) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => { if (!document.hidden || signal.aborted) { document.removeEventListener("visibilitychange", done); resolve(); } };
      document.addEventListener("visibilitychange", done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  #whileSeen(signal) {
    this.#hidden = new AbortController();
    return AbortSignal.any([signal, this.#hidden.signal]);
  }
}

/** A refusal (status 4xx, 5xx) with the server's own words, or no connection at all (status 0). */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function request(method, path, { body, form, signal } = {}) {
  const options = { method, signal, headers: {} };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  if (form) options.body = form;
  let response;
  let answer;
  try {
    response = await fetch(path, options);
    answer = response.ok ? await response.json() : await response.json().catch(() => null);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused(0, "Нет связи с площадкой");
  }
  if (!response.ok) throw new Refused(response.status, answer?.error ?? `Площадка ответила ${response.status}`);
  return answer;
}

const at = (person, call) => `/people/${encodeURIComponent(person)}/${call}`;
const post = (person, call, body = {}) => request("POST", at(person, call), { body });

export const people = () => request("GET", "/people");
export const createPerson = (body) => request("POST", "/people", { body });
export const config = () => request("GET", "/config.json");
export const chat = (person, after, wait, signal) => request("GET", at(person, `chat?after=${after}&wait=${wait}`), { signal });
export const alerts = (person, after) => request("GET", at(person, `alerts?after=${after}`));
export const say = (person, text, replyTo) => post(person, "say", replyTo ? { text, reply_to: replyTo } : { text });
export const tap = (person, messageId, button) =>
  post(person, "tap", { message_id: messageId, ...(button.data === undefined || button.data === null ? { text: button.text } : { data: button.data }) });
export const contact = (person) => post(person, "contact");
export const place = (person, latitude, longitude) => post(person, "location", { latitude, longitude });
export const edit = (person, messageId, text) => post(person, "edit", { message_id: messageId, text });
export const remove = (person, messageId) => post(person, "delete", { message_id: messageId });
export const clear = (person) => post(person, "delete", { all: true });
export const block = (person) => post(person, "block");
export const unblock = (person) => post(person, "unblock");
export const start = (person, payload) => post(person, "start", payload ? { payload } : {});

/** as: document, photo, voice, sticker or video; several files make one album. */
export function upload(person, files, as, caption, replyTo) {
  const form = new FormData();
  form.set("as", as);
  if (caption) form.set("caption", caption);
  if (replyTo) form.set("reply_to", replyTo);
  for (const file of files) form.append("file", file, file.name);
  return request("POST", at(person, "upload"), { form });
}

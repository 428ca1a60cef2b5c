import { ask, confirm, copy, openMenu } from "./overlay.js";

/** What can be done with one message (or with an album as a whole). */
export function messageMenu(messages, session, composer, at) {
  const [message] = messages;
  const words = message.text ?? messages.find((one) => one.caption)?.caption;
  const mine = message.from === "person";
  const items = [{ label: "Ответить", icon: "reply", act: () => composer.reply(message) }];
  if (mine && message.text) items.push({ label: "Изменить", icon: "pencil", act: () => composer.edit(message) });
  if (words && !message.protected) items.push({ label: "Копировать текст", icon: "copy", act: () => copy(words) });
  items.push(null, {
    label: "Удалить", icon: "trash", danger: true,
    act: () => session.remove(messages.map((one) => one.id)),
  });
  openMenu(items, at);
}

async function startWithParameter(session) {
  const answer = await ask({
    title: "Начать по ссылке",
    fields: [{
      name: "payload", label: "Параметр start", hint: "Латинские буквы, цифры, _ и -, до 64 знаков", maxlength: 64,
      pattern: "[A-Za-z0-9_\\-]*", autofocus: true, spellcheck: "false", autocapitalize: "off",
    }],
    yes: "Начать",
  });
  if (answer) await session.start(answer.payload);
}

async function clear(session) {
  const agreed = await confirm({
    title: "Очистить чат?", words: "Сообщения исчезнут у этого человека. Бот об этом не узнает.", yes: "Очистить", danger: true,
  });
  if (agreed) await session.clear();
}

/** What can be done with the chat as a whole. */
export function chatMenu(session, desk, at) {
  const { blocked } = session.chat;
  const items = [
    { label: "Начать заново: /start", icon: "flag", act: () => session.start("") },
    { label: "Начать по ссылке с параметром", icon: "next", act: () => startWithParameter(session) },
    { label: "Очистить чат", icon: "trash", act: () => clear(session) },
    blocked
      ? { label: "Разблокировать бота", icon: "block", act: () => session.unblock() }
      : { label: "Заблокировать бота", icon: "block", danger: true, act: () => session.block() },
  ];
  if (desk) items.push(null, { label: "Стол оператора", icon: "desk", act: () => window.open(desk, "_blank", "noopener") });
  openMenu(items, at);
}

/** A tap on anything with data-copy copies it and says so for a moment. */
const SHOWN_MS = 1600;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The clipboard is not given to pages without TLS on another host: the old way still works there.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await copy(button.dataset.copy);
  button.focus();
  button.dataset.copied = "";
  const hint = button.querySelector(".hint");
  if (hint) hint.textContent = "Скопировано";
  setTimeout(() => {
    delete button.dataset.copied;
    if (hint) hint.textContent = "Скопировать";
  }, SHOWN_MS);
});

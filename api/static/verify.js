// Computes the hash in the browser, so that the file never leaves the phone. Without this module, or where the browser
// does not offer it, the file is sent, hashed and forgotten.
const form = document.querySelector("[data-compare]");
form?.addEventListener("submit", async (event) => {
  const [file] = form.elements.file.files;
  if (!file || !globalThis.crypto?.subtle) return;
  event.preventDefault();
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  form.elements.digest.value = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  form.elements.file.disabled = true;
  form.submit();
});

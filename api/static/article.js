// Shows an article as the citizen will read it, while it is being written. Without this module: as it was when it was saved.
for (const side of document.querySelectorAll("[data-language]")) {
  for (const part of ["title", "body"]) {
    const typed = side.querySelector(`[data-${part}]`);
    const seen = side.querySelector(`[data-seen-${part}]`);
    const show = () => {
      seen.textContent = typed.value.trim();
    };
    typed.addEventListener("input", show);
    // Somebody may have typed before this module came.
    show();
  }
}

// A picture looked at in place. Without this module it opens in a tab of its own.
const box = document.querySelector("[data-box]");
const [picture, name, apart] = ["img", "[data-name]", "a"].map((part) => box.querySelector(part));

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  picture.src = link.href;
  picture.alt = name.textContent = link.dataset.picture;
  apart.href = link.href;
  box.showModal();
});
box.addEventListener("close", () => picture.removeAttribute("src"));

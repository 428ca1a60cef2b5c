/** A choice among radio buttons takes effect at once; without this script there is a button for it. */
for (const form of document.querySelectorAll(".choice")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.submit());
}

// The chosen day comes into view among the others, and the page stays where it is.
const days = document.querySelector(".days");
const chosen = days?.querySelector("[aria-current]");
if (chosen) {
  days.scrollLeft = chosen.offsetLeft - days.offsetLeft - (days.clientWidth - chosen.clientWidth) / 2;
}

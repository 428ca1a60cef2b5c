/** The login page: a tap on a sample citizen fills the form; the password can be looked at. */
const form = document.getElementById("form");
const password = document.getElementById("password");
const reveal = document.getElementById("reveal");

reveal.hidden = false;
reveal.addEventListener("click", () => {
  const shown = password.type === "password";
  password.type = shown ? "text" : "password";
  reveal.textContent = shown ? "Скрыть" : "Показать";
  reveal.setAttribute("aria-pressed", String(shown));
});

for (const person of document.querySelectorAll(".person")) {
  person.addEventListener("click", () => {
    document.querySelector(".person[aria-pressed]")?.removeAttribute("aria-pressed");
    person.setAttribute("aria-pressed", "true");
    form.elements.login.value = person.dataset.login;
    password.value = person.dataset.password;
    password.removeAttribute("aria-invalid");
    document.getElementById("error")?.remove();
    const enter = form.querySelector(".primary");
    enter.focus();
    enter.scrollIntoView({ block: "center" });
  });
}

// Turns and enlarges scans, and fills the reason from a ready one. Without this module scans open apart and reasons are typed.
for (const scan of document.querySelectorAll("[data-scan]")) {
  const picture = scan.querySelector("img");
  if (!picture) continue;
  const glass = scan.querySelector(".glass");
  const [turn, zoom] = [scan.querySelector("[data-turn]"), scan.querySelector("[data-zoom]")];
  let quarter = 0;

  const place = () => {
    const { naturalWidth: width, naturalHeight: height } = picture;
    const lying = quarter % 2 === 1;
    const near = zoom.getAttribute("aria-pressed") === "true";
    const room = { width: glass.clientWidth, height: innerHeight * 0.78 - 2 };
    const fit = near ? 1 : Math.min(1, room.width / (lying ? height : width), room.height / (lying ? width : height));
    const [w, h] = [width * fit, height * fit];
    picture.style.maxWidth = picture.style.maxHeight = "none";
    picture.style.width = `${w}px`;
    picture.style.height = `${h}px`;
    // A turned picture keeps its old box: margins make the box as wide and as high as what is seen.
    const push = lying ? (h - w) / 2 : 0;
    picture.style.margin = `${-push}px ${push}px`;
    picture.style.transform = `rotate(${quarter * 90}deg)`;
    glass.classList.toggle("near", near);
  };

  turn.addEventListener("click", () => {
    quarter = (quarter + 1) % 4;
    place();
  });
  zoom.addEventListener("click", () => {
    zoom.setAttribute("aria-pressed", String(zoom.getAttribute("aria-pressed") !== "true"));
    place();
  });
  turn.hidden = zoom.hidden = false;
}

for (const reason of document.querySelectorAll("[data-reason]")) {
  const field = reason.querySelector("textarea");
  for (const chip of reason.querySelectorAll("[data-fill]")) {
    chip.addEventListener("click", () => {
      const typed = field.value.trim();
      if (!typed.includes(chip.textContent)) field.value = (typed ? `${typed} ` : "") + chip.textContent;
      field.focus();
    });
  }
  reason.querySelector(".chips").hidden = false;
}

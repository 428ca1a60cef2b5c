// Runs before the first paint, so that a remembered dark theme never flashes white.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Private mode without storage: the system's theme stays.
}

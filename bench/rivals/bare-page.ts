/** The least that could work, and unsafe: whoever posts a string is believed. */
window.addEventListener("message", ({ data }) => {
  if (typeof data !== "string") return;
  document.cookie = `session=${data}; Path=/; Secure; SameSite=Lax`;
  arrived(data);
});
const frame = document.createElement("iframe");
frame.hidden = true;
frame.src = "https://hub.test/bare.html";
document.body.append(frame);

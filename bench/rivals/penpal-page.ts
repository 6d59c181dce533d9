import { WindowMessenger, connect } from "penpal";

const frame = document.createElement("iframe");
frame.hidden = true;
frame.src = "https://hub.test/penpal.html";
document.body.append(frame);

const messenger = new WindowMessenger({
  remoteWindow: frame.contentWindow as Window,
  allowedOrigins: ["https://hub.test"],
});
void start();

async function start(): Promise<void> {
  const hub = await connect<{ getSession(): string }>({ messenger }).promise;
  const session = await hub.getSession();
  document.cookie = `session=${session}; Path=/; Secure; SameSite=Lax`;
  arrived(session);
}
